/** Lets the keyboard reach a part of the page as long as it scrolls; for the `ref` of that part. */
export function reachable(part: HTMLElement | null) {
  if (!part) return;
  const look = () => {
    const scrolls = part.scrollWidth > part.clientWidth || part.scrollHeight > part.clientHeight;
    part.toggleAttribute("tabindex", scrolls);
    if (scrolls) part.tabIndex = 0;
  };
  const watch = new ResizeObserver(look);
  watch.observe(part);
  for (const child of part.children) watch.observe(child);
  return () => watch.disconnect();
}
