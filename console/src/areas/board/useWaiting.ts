import { type RefObject, useEffect, useRef, useState } from "react";

/** By what somebody turns to something else than a button. */
const TURNS = ["pointerdown", "click", "focusin", "keydown"] as const;

/**
 * Whether somebody still waits for what a button has asked for: not if they have turned to something else, or pressed
 * Escape. `wait` begins, and returns what tells, once the answer is there, whether it is wanted; it ends the waiting.
 */
export function useWaiting(button: RefObject<HTMLElement | null>) {
  const waits = useRef<object>(undefined);
  const [looking, setLooking] = useState(false);
  useEffect(() => {
    if (!looking) return;
    const turn = (event: Event) => {
      const isElsewhere = !button.current?.contains(event.target as Node);
      if (event instanceof KeyboardEvent ? event.key !== "Escape" : !isElsewhere) return;
      waits.current = undefined;
      setLooking(false);
    };
    for (const name of TURNS) document.addEventListener(name, turn, true);
    return () => {
      for (const name of TURNS) document.removeEventListener(name, turn, true);
    };
  }, [looking, button]);
  const wait = () => {
    const own = {};
    waits.current = own;
    setLooking(true);
    return () => {
      const isWanted = waits.current === own;
      if (isWanted) setLooking(false);
      return isWanted;
    };
  };
  return { looking, wait };
}
