import { type RefObject, useEffect, useLayoutEffect, useRef } from "react";
import { ARROWS, useShortcut } from "./shortcuts";
import { takesKeys } from "./typing";

/** What leads to the records of the rows: the first link of each. */
const linksIn = (frame: HTMLElement | null) =>
  [...(frame?.querySelectorAll<HTMLElement>("[data-row-key]") ?? [])].flatMap(
    (row) => row.querySelector<HTMLElement>("a") ?? [],
  );

/**
 * The keys of the few rows below a record: ↓ and j go to the next one, ↑ and k to the one before, and Enter opens it.
 * Returns what goes to the row of an id as soon as it is shown.
 */
export function useLinkKeys(frame: RefObject<HTMLElement | null>) {
  const awaited = useRef<string>(undefined);
  const step = (by: number) => {
    const links = linksIn(frame.current);
    const here = links.indexOf(document.activeElement as HTMLElement);
    links[here < 0 ? 0 : here + by]?.focus();
  };
  useShortcut("next", () => step(1));
  useShortcut("previous", () => step(-1));
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      const by = ARROWS[event.key];
      if (!by || event.defaultPrevented || !linksIn(frame.current).includes(event.target as HTMLElement)) return;
      event.preventDefault();
      step(by);
    };
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, []);
  useLayoutEffect(() => {
    const link = awaited.current && frame.current?.querySelector<HTMLElement>(`[data-row-key="${awaited.current}"] a`);
    if (!link) return;
    awaited.current = undefined;
    // Whoever writes something else by now is not taken away from it.
    if (!takesKeys(document.activeElement)) link.focus();
  });
  return (id: string) => {
    awaited.current = id;
  };
}
