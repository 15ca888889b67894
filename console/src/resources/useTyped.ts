import { useCallback, useEffect, useRef, useState } from "react";
import { useSettled } from "./useSettled";

/** What is asked for while one types, a moment after the last key. */
const PAUSE_MS = 300;

/**
 * A text that is typed, and handed on when one pauses. What comes from outside meanwhile takes its place: a link, the
 * back button or a removed chip, but not what was handed on oneself. `said` is what is handed on of a text.
 * Whoever goes on sooner hands it on by the third part: afterwards it would take back where they have gone.
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
  const handOn = useCallback((what: string) => {
    if (what === handed.current) return;
    handed.current = what;
    latest.current(what);
  }, []);
  const settled = said(useSettled(text, PAUSE_MS));
  useEffect(() => handOn(settled), [settled, handOn]);
  return [text, setText, () => handOn(said(text))] as const;
}
