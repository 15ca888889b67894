import { useEffect, useRef } from "react";

/** Returns what says whether the component is still shown: what was asked for may be answered when it is gone. */
export function useShown() {
  const shown = useRef(false);
  useEffect(() => {
    shown.current = true;
    return () => {
      shown.current = false;
    };
  }, []);
  return () => shown.current;
}
