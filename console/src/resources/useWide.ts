import { useSyncExternalStore } from "react";

/** Where there is room for a table, and for one thing beside another; the border is that of style/ too. */
const wide = () => window.matchMedia("(min-width: 768px)");

const watch = (tell: () => void) => {
  const watched = wide();
  watched.addEventListener("change", tell);
  return () => watched.removeEventListener("change", tell);
};

/** Whether there is more room than a phone has, for what does not change with it. */
export const isWide = () => wide().matches;
/** The same, from now on. */
export const useWide = () => useSyncExternalStore(watch, isWide);
