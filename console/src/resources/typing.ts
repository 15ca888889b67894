const TAKES_KEYS =
  "input, textarea, select, [contenteditable], [role=combobox], [role=menu], [role=listbox], [role=tree]";

/** Whether an element takes keys for itself: one types into it, or goes through its lines. */
export const takesKeys = (element: EventTarget | null) => (element as Element | null)?.closest?.(TAKES_KEYS) != null;

/**
 * Whether a key belongs to an input method that makes a word. The one that ends the word does too: Safari sends it after
 * the end, and says so only by this code.
 */
export const composes = ({ isComposing, keyCode }: Pick<KeyboardEvent, "isComposing" | "keyCode">) =>
  isComposing || keyCode === 229;
