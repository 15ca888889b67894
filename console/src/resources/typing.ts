const TAKES_KEYS =
  "input, textarea, select, [contenteditable], [role=combobox], [role=menu], [role=listbox], [role=tree]";

/** Whether an element takes keys for itself: one types into it, or goes through its lines. */
export const takesKeys = (element: EventTarget | null) => (element as Element | null)?.closest?.(TAKES_KEYS) != null;
