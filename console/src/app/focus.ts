import { useEffect, useRef } from "react";
import { useLocation } from "react-router";

/** So many places are remembered: a window over a window over the page, and the menus between. */
const MOST = 20;

const isThere = (element: HTMLElement) => element.isConnected && (element.checkVisibility?.() ?? true);
const isNowhere = () => document.activeElement === null || document.activeElement === document.body;

/**
 * Gives the focus back when what had it is gone with its window: to the newest place that had it before and is still
 * there, or else to `fallback`. Returns what ends it.
 */
export function keepFocus(fallback: () => HTMLElement | null) {
  const over = new AbortController();
  let places: HTMLElement[] = [];
  const remember = ({ target }: FocusEvent) => {
    places = [...places.filter((each) => each !== target && each.isConnected), target as HTMLElement].slice(-MOST);
  };
  document.addEventListener("focusin", remember, { signal: over.signal });
  // Windows and menus stand in the body beside the page.
  const watch = new MutationObserver((changes) => {
    const last = places.at(-1);
    if (!last || isThere(last) || !isNowhere() || !changes.some(({ removedNodes }) => removedNodes.length > 0)) return;
    (places.findLast(isThere) ?? fallback())?.focus({ preventScroll: true });
  });
  watch.observe(document.body, { childList: true });
  return () => {
    over.abort();
    watch.disconnect();
  };
}

const content = () => document.getElementById("content");

/** Keeps the focus where one is: given back when a window closes, and in the content of a page that one has gone to. */
export function useFocus() {
  const { pathname } = useLocation();
  const before = useRef(pathname);
  useEffect(() => keepFocus(content), []);
  useEffect(() => {
    if (before.current === pathname) return;
    before.current = pathname;
    // A page that has a field to begin with has taken it already.
    if (!content()?.contains(document.activeElement)) content()?.focus({ preventScroll: true });
  }, [pathname]);
}
