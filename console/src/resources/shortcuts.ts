import { useEffect, useRef } from "react";
import { composes, takesKeys } from "./typing";
import { usePreferences } from "./usePreferences";

/** What a key does on the page that is shown, where one offers it. The help lists them from here. */
export const KEYS = {
  search: "/",
  create: "c",
  next: "j",
  previous: "k",
  edit: "e",
  deeds: ".",
  tab: "1–9",
  help: "?",
} as const;
export type Shortcut = keyof typeof KEYS;

/** What precedes the letter of a place, and how long one has for the letter. */
export const GO = "g";
const GO_MS = 1_500;
/** How far the arrow keys go through rows and lines. */
export const ARROWS: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };

/** Whoever speaks to their machine, or whose hand trembles, switches single keys off (WCAG 2.1.4). */
export const useKeysAreOn = () => usePreferences().preferences?.single_keys === true;

/** Returns what tells of keys at the thing that they press, to whoever points at it and to screen readers. */
export function useHint() {
  const areOn = useKeysAreOn();
  return (...keys: string[]) => (areOn ? keys.join(" ") : undefined);
}

type Run = (key: string) => void;
const offered = new Map<Shortcut, Run[]>();

/** Lets a key do something while a component is shown; of several the one that came last. */
export function useShortcut(name: Shortcut, run: Run, enabled = true) {
  const latest = useRef(run);
  latest.current = run;
  useEffect(() => {
    if (!enabled) return;
    const mine: Run = (key) => latest.current(key);
    offered.set(name, [...(offered.get(name) ?? []), mine]);
    return () =>
      void offered.set(
        name,
        offered.get(name)!.filter((each) => each !== mine),
      );
  }, [name, enabled]);
}

type Press = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "isComposing" | "keyCode" | "target">;

/** Whether a key is text that somebody writes, or belongs to what is open above the page. */
function isTaken(press: Press) {
  if (press.ctrlKey || press.metaKey || press.altKey || composes(press)) return true;
  return takesKeys(press.target) || document.querySelector(".ant-modal-wrap, .ant-drawer-mask") != null;
}

/** Returns what listens for keys: `go` takes the letter of a place and says whether there is such a place. */
export function keyListener(go: (letter: string) => boolean, now = Date.now) {
  let going = 0;
  return (press: Press & Pick<KeyboardEvent, "preventDefault">) => {
    if (isTaken(press)) return;
    const key = press.key.length === 1 ? press.key.toLowerCase() : press.key;
    const wasGoing = now() - going < GO_MS;
    going = 0;
    if (wasGoing ? go(key) : runs(key)) return press.preventDefault();
    if (key === GO && !wasGoing) going = now();
  };
}

const isFor = (name: Shortcut, key: string) => (name === "tab" ? /^[1-9]$/.test(key) : KEYS[name] === key);

function runs(key: string) {
  const name = (Object.keys(KEYS) as Shortcut[]).find((each) => isFor(each, key));
  const run = name && offered.get(name)?.at(-1);
  run?.(key);
  return run !== undefined;
}
