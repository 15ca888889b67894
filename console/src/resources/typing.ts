import type { KeyboardEvent as Pressed } from "react";

const TAKES_KEYS =
  "input:not([type=checkbox]), textarea, select, [contenteditable], [role=combobox], [role=menu], [role=listbox], [role=tree]";

/** Whether an element takes keys for itself: one types into it, or goes through its lines. */
export const takesKeys = (element: EventTarget | null) => (element as Element | null)?.closest?.(TAKES_KEYS) != null;

/**
 * Whether a key belongs to an input method that makes a word. The one that ends the word does too: Safari sends it after
 * the end, and says so only by this code.
 */
export const composes = ({ isComposing, keyCode }: Pick<KeyboardEvent, "isComposing" | "keyCode">) =>
  isComposing || keyCode === 229;

/** A calendar that is open: its input does not say so. */
const CALENDAR = ".ant-picker-dropdown:not(.ant-picker-dropdown-hidden)";
const isOpen = (element: Element) =>
  element.getAttribute("aria-expanded") === "true" ||
  (element.closest(".ant-picker") !== null && document.querySelector(CALENDAR) !== null);

/** Whether a key leaves the field: not the Escape that takes back an input method's word, or closes what lies above. */
export function leaves({ key, nativeEvent, target, currentTarget }: Pressed<HTMLElement>) {
  const element = target as Element;
  return key === "Escape" && !composes(nativeEvent) && !isOpen(element) && currentTarget.contains(element);
}
