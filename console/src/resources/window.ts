import { type UIEvent, useEffect, useLayoutEffect, useRef, useState } from "react";

/** How high a row is by sheet.css, until one was measured: a reader's own type may be larger. */
export const ROW = 37;
/** Rows that are drawn beyond what is seen, so that scrolling shows no gap. */
const AHEAD = 10;
/** What stands above the table and below it, until it was measured. */
const FEWEST = 200;

/** Which rows are drawn, where this many fit and so much was scrolled away. */
export function drawn(scrolled: number, height: number, row = ROW) {
  const from = Math.max(0, Math.floor(scrolled / row) - AHEAD);
  return { from, to: Math.ceil((scrolled + height) / row) + AHEAD };
}

/** How high the rows above and below those are that are drawn. */
export const spaceAround = ({ from, to, row }: { from: number; to: number; row: number }, count: number) => ({
  above: from * row,
  below: Math.max(0, count - to) * row,
});

/** Whether something of a table lies beyond its right edge. */
export const isCut = (box: Pick<Element, "scrollWidth" | "scrollLeft" | "clientWidth">) =>
  box.scrollWidth - box.scrollLeft - box.clientWidth > 1;

/**
 * The part of a long table that is seen, and how high the table may be: from where it begins to the window's lower edge.
 *
 * `question` is what the rows answer: another one begins at the top. `more` is called when the end is near.
 */
export function useWindow(count: number, question: string, more: () => void) {
  const frame = useRef<HTMLDivElement>(null);
  const [height, setHeight] = useState(FEWEST);
  const [row, setRow] = useState(ROW);
  const [cut, setCut] = useState(false);
  const [rows, setRows] = useState(() => drawn(0, window.innerHeight));
  const measure = () => {
    const box = frame.current;
    if (!box) return;
    setHeight(Math.max(FEWEST, Math.round(window.innerHeight - box.getBoundingClientRect().top - 16)));
    setRow(box.querySelector("[data-row-key]")?.getBoundingClientRect().height || ROW);
    setCut(isCut(box));
  };
  // What stands above it, such as a line of filters, moves it without a word.
  useLayoutEffect(measure);
  useEffect(() => {
    const changes = new ResizeObserver(measure);
    // The head stays, and grows with the type as the rows do.
    const head = frame.current?.querySelector("thead");
    if (head) changes.observe(head);
    window.addEventListener("resize", measure);
    return () => {
      changes.disconnect();
      window.removeEventListener("resize", measure);
    };
  }, [count === 0]);
  useLayoutEffect(() => void frame.current?.scrollTo(0, 0), [question]);
  useEffect(() => {
    if (count > 0 && rows.to + AHEAD >= count) more();
  }, [rows.to, count]);
  const onScroll = ({ currentTarget: box }: UIEvent<HTMLElement>) => {
    setCut(isCut(box));
    const next = drawn(box.scrollTop, box.clientHeight, row);
    if (next.from !== rows.from || next.to !== rows.to) setRows(next);
  };
  return { ...rows, row, frame, height, cut, onScroll };
}
