import { useEffect, useRef, useState } from "react";

/** A text that is typed, as it was when one last paused; a word that an input method is still at is no pause. */
export function useSettled(value: string, pause: number) {
  const [settled, setSettled] = useState(value);
  const composing = useRef(false);
  useEffect(() => {
    let soon: ReturnType<typeof setTimeout> | undefined;
    const over = new AbortController();
    const wait = () => {
      clearTimeout(soon);
      soon = setTimeout(() => setSettled(value), pause);
    };
    const heed = (event: string, begun: boolean, then: () => void) =>
      window.addEventListener(
        event,
        () => {
          composing.current = begun;
          then();
        },
        { signal: over.signal },
      );
    heed("compositionstart", true, () => clearTimeout(soon));
    heed("compositionend", false, wait);
    if (!composing.current) wait();
    return () => {
      clearTimeout(soon);
      over.abort();
    };
  }, [value, pause]);
  return settled;
}
