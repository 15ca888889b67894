import { type RefObject, useEffect, useRef } from "react";
import { useNavigate } from "react-router";
import type { Row } from "../api/call";
import { type Resource, recordPath } from "./registry";
import { ARROWS, useShortcut } from "./shortcuts";
import { takesKeys } from "./typing";

/** From there ↓ goes into what is found. */
const SEARCH = ".toolbar [type=search]";

/** Whether a key is meant for something else: for what is typed into, or for a window other than the record's. */
function isElsewhere(target: HTMLElement) {
  const dialog = target.closest("[role=dialog]");
  return takesKeys(target) || (dialog !== null && dialog.closest(".preview") === null);
}

/** Scrolls a list as far as its row is seen whole, below the head that stands still. */
function bringIntoView(frame: HTMLElement, place: number, row: number) {
  const top = place * row;
  if (top < frame.scrollTop) frame.scrollTop = top;
  else frame.scrollTop = Math.max(frame.scrollTop, top + 2 * row - frame.clientHeight);
}

type List = {
  resource: Resource;
  rows: Row[];
  /** The id of the record that is shown beside the list. */
  shown?: string;
  frame: RefObject<HTMLDivElement | null>;
  /** How high a row is. */
  row: number;
  onShow: (row?: Row) => void;
};

/** The keys of a list: ↓ and j show the next record beside it, ↑ and k the one before; Enter opens it, Escape closes it. */
export function useRowKeys(list: List) {
  const navigate = useNavigate();
  const latest = useRef(list);
  latest.current = list;
  // Keys are faster than the address, in which the record that is shown stands: it follows them step by step.
  const at = useRef(list.shown);
  const onTheWay = useRef<string[]>([]);
  useEffect(() => {
    onTheWay.current = stillToCome(onTheWay.current, list.shown);
    if (onTheWay.current.length === 0) at.current = list.shown;
  }, [list.shown]);
  const go = (by: number) => {
    const next = step({ ...latest.current, shown: at.current }, by);
    if (!next || next === at.current) return;
    at.current = next;
    onTheWay.current.push(next);
  };
  useShortcut("next", () => go(1));
  useShortcut("previous", () => go(-1));
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      const goesDown = event.key === "ArrowDown" && target.matches(SEARCH);
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      if (isElsewhere(target) && !goesDown) return;
      const { resource, shown, frame, onShow } = latest.current;
      const by = ARROWS[event.key];
      // The arrow keys are the page's own until one is in the list, or a record is shown beside it.
      if (by && (shown || goesDown || frame.current?.contains(target))) {
        event.preventDefault();
        go(by);
      }
      if (!shown) return;
      if (event.key === "Enter" && resource.get && !target.closest("a, button")) navigate(recordPath(resource, shown));
      if (event.key === "Escape") {
        onShow();
        linkIn(frame.current, shown)?.focus();
      }
    };
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, [navigate]);
}

/** Which of the steps that keys have gone the address has yet to follow; none where it has gone elsewhere. */
export function stillToCome(steps: string[], shown: string | undefined) {
  const arrived = shown === undefined ? -1 : steps.indexOf(shown);
  return arrived < 0 ? [] : steps.slice(arrived + 1);
}

const linkIn = (frame: HTMLElement | null, id: string) => frame?.querySelector<HTMLElement>(`[data-row-key="${id}"] a`);

/** Shows the neighbour of the record that is shown, or else the one that one is at, or the first. Returns its id. */
function step({ rows, shown, frame, row, onShow }: List, by: number) {
  const here = document.activeElement?.closest("[data-row-key]")?.getAttribute("data-row-key");
  const place = rows.findIndex((each) => each.id === (shown ?? here));
  const next = rows[shown || place < 0 ? Math.max(0, place + by) : place];
  if (!next) return undefined;
  const inPanel = document.activeElement?.closest("[role=dialog]");
  if (frame.current) bringIntoView(frame.current, rows.indexOf(next), row);
  onShow(next);
  // Whoever is not in the panel goes along, so that Enter and Tab go on from the record that is shown.
  if (!inPanel)
    requestAnimationFrame(() =>
      requestAnimationFrame(() => linkIn(frame.current, next.id)?.focus({ preventScroll: true })),
    );
  return next.id;
}
