/** What opens something over or on a page by its address, for whoever asked for it: the form of a new one, a line to write on, a preview. */
const OPENING = ["new", "write", "preview"];

/** Takes from the address what opens something. The router follows, as it follows Back. */
export function closeWindows() {
  const address = new URL(window.location.href);
  for (const name of OPENING) address.searchParams.delete(name);
  if (address.href === window.location.href) return;
  const { state } = window.history;
  window.history.replaceState(state && { ...state, usr: null }, "", address);
  window.dispatchEvent(new PopStateEvent("popstate", { state: window.history.state }));
}
