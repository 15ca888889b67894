import { useEffect, useRef, useState } from "react";
import { useSettled } from "./useSettled";

/** What is asked for while one types, a moment after the last key. */
const PAUSE_MS = 300;

/**
 * A text that is typed, and handed on when one pauses. What comes from outside meanwhile takes its place: a link, the
 * back button or a removed chip, but not what was handed on oneself. `said` is what is handed on of a text.
 */
export function useTyped(wanted: string, onPause: (said: string) => void, said = (text: string) => text.trim()) {
  const [text, setText] = useState(wanted);
  const latest = useRef(onPause);
  latest.current = onPause;
  const handed = useRef(wanted);
  useEffect(() => {
    if (wanted === handed.current) return;
    handed.current = wanted;
    setText(wanted);
  }, [wanted]);
  const settled = said(useSettled(text, PAUSE_MS));
  useEffect(() => {
    if (settled === handed.current) return;
    handed.current = settled;
    latest.current(settled);
  }, [settled]);
  return [text, setText] as const;
}
