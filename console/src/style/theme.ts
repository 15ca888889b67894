/** What antd is told of our looks: here while it runs, and when its style sheets are made (scripts/styles.ts). */

/** The class under which antd's variables stand. */
export const VARIABLES = "kehu";

// antd's own blue, red and greys are too light to be read on white (WCAG 1.4.3).
export const TOKENS = {
  fontSize: 16,
  colorPrimary: "#0958d9",
  colorPrimaryHover: "#003eb3",
  colorLink: "#0958d9",
  colorLinkHover: "#003eb3",
  colorError: "#b91c1c",
  colorTextPlaceholder: "#6b7280",
  colorTextDescription: "#4b5563",
};
