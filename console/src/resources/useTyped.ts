import { useEffect, useState } from "react";

/** What is asked for while one types, a moment after the last key. */
const PAUSE_MS = 300;

/** A text that is typed, and handed on when one pauses. What comes from outside meanwhile takes its place. */
export function useTyped(wanted: string, onPause: (text: string) => void) {
  const [text, setText] = useState(wanted);
  // A link, the back button or a removed chip changes the address from outside.
  useEffect(() => setText(wanted), [wanted]);
  useEffect(() => {
    if (text.trim() === wanted) return;
    const soon = setTimeout(() => onPause(text.trim()), PAUSE_MS);
    return () => clearTimeout(soon);
  }, [text]);
  return [text, setText] as const;
}
