import { composes } from "./typing";

const FIELDS = "input, textarea";
const DIALOG = "[role=dialog]";
/** How long what has been waited for has to take the focus. */
const SETTLED_MS = 1_000;
/** What is left to the browser: going on by Tab, and its own keys. */
const ITS_OWN = /^(Tab|F\d+|Shift|CapsLock)$/;

type Field = HTMLInputElement | HTMLTextAreaElement;

/** Types into a field for somebody; React hears of it as of a key. */
function type(field: Field, text: string, enters: boolean) {
  const prototype = field instanceof HTMLInputElement ? HTMLInputElement.prototype : HTMLTextAreaElement.prototype;
  Object.getOwnPropertyDescriptor(prototype, "value")!.set!.call(field, field.value + text);
  field.dispatchEvent(new Event("input", { bubbles: true }));
  // What was typed is there by then, and Enter is about it.
  if (enters) setTimeout(() => field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true })));
}

/**
 * Gathers what is typed for something that is not there yet, and gives it to the field that has the focus first there.
 * Until then no key does anything on the page beneath. Escape leaves it.
 *
 * Returns what says that it is there, or could not be had, and what ends it all.
 */
export function gather(leave: () => void) {
  const before = new Set(document.querySelectorAll(`${FIELDS}, ${DIALOG}`));
  const over = new AbortController();
  const how = { signal: over.signal, capture: true };
  const isNew = (element?: Element | null) => element != null && !before.has(element);
  let text = "";
  let enters = false;
  let isThere = false;
  // An input method would begin a word in it.
  if (document.activeElement?.matches(FIELDS)) (document.activeElement as HTMLElement).blur();
  const press = (event: KeyboardEvent) => {
    const { key } = event;
    if (event.ctrlKey || event.metaKey || event.altKey || composes(event) || ITS_OWN.test(key)) return;
    const dialog = [...document.querySelectorAll(DIALOG)].find(isNew);
    if (isThere && (!dialog || dialog.contains(document.activeElement))) return over.abort();
    event.preventDefault();
    event.stopImmediatePropagation();
    if (key === "Escape") leave();
    else if (key === "Enter") enters = text !== "";
    else if (key === "Backspace") text = text.slice(0, -1);
    else if ([...key].length === 1 && !enters) text += key;
  };
  const arrive = ({ target }: Event) => {
    const field = (target as Element).matches?.(FIELDS) ? (target as Field) : null;
    if (!isNew(field)) return;
    over.abort();
    // It is given the focus before the form around it knows it.
    if (text) setTimeout(() => type(field!, text, enters));
  };
  window.addEventListener("keydown", press, how);
  window.addEventListener("focusin", arrive, how);
  window.addEventListener("pointerdown", ({ target }) => (target as Element).matches(FIELDS) && over.abort(), how);
  const arrived = () => {
    isThere = true;
    setTimeout(() => over.abort(), SETTLED_MS);
  };
  return { arrived, end: () => over.abort() };
}
