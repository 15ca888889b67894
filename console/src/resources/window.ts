import { type UIEvent, useEffect, useLayoutEffect, useRef, useState } from "react";

/** How high a row is, in style/lists.css too. */
export const ROW = 37;
/** Rows that are drawn beyond what is seen, so that scrolling shows no gap. */
const AHEAD = 10;
/** What stands above the table and below it, until it was measured. */
const FEWEST = 200;

/** Which rows are drawn, where this many fit and so much was scrolled away. */
export function drawn(scrolled: number, height: number) {
  const from = Math.max(0, Math.floor(scrolled / ROW) - AHEAD);
  return { from, to: Math.ceil((scrolled + height) / ROW) + AHEAD };
}

/** How high the rows above and below those are that are drawn. */
export const spaceAround = ({ from, to }: { from: number; to: number }, count: number) => ({
  above: from * ROW,
  below: Math.max(0, count - to) * ROW,
});

/**
 * The part of a long table that is seen, and how high the table may be: from where it begins to the window's lower edge.
 *
 * `question` is what the rows answer: another one begins at the top. `more` is called when the end is near.
 */
export function useWindow(count: number, question: string, more: () => void) {
  const frame = useRef<HTMLDivElement>(null);
  const [height, setHeight] = useState(FEWEST);
  const [rows, setRows] = useState(() => drawn(0, window.innerHeight));
  useLayoutEffect(() => {
    const measure = () => {
      const top = frame.current?.getBoundingClientRect().top ?? 0;
      setHeight(Math.max(FEWEST, Math.round(window.innerHeight - top - 16)));
    };
    measure();
    window.addEventListener("resize", measure);
    return () => window.removeEventListener("resize", measure);
  }, [count === 0]);
  useLayoutEffect(() => void frame.current?.scrollTo(0, 0), [question]);
  useEffect(() => {
    if (count > 0 && rows.to + AHEAD >= count) more();
  }, [rows.to, count]);
  const onScroll = ({ currentTarget: box }: UIEvent<HTMLElement>) => {
    const next = drawn(box.scrollTop, box.clientHeight);
    if (next.from !== rows.from || next.to !== rows.to) setRows(next);
  };
  return { ...rows, frame, height, onScroll };
}
