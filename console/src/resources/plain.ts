/** A text as it is looked for: however it was typed, in letters of either size and with blanks or without. */
export const plain = (text: string) => text.normalize("NFKC").toLowerCase().replaceAll(/\s/g, "");
