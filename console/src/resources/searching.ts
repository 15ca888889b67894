/** So many characters of a text are looked for at most: as the search of the API takes. */
export const LONGEST = 100;

export const isTooLong = (text: string) => [...text.trim()].length > LONGEST;

/** Whether a text says enough to look for it: so many Chinese characters, or so many of any writing. */
export const isEnough = (text: string, chinese: number, others: number) =>
  (text.match(/\p{Script=Han}/gu)?.length ?? 0) >= chinese || [...text.replaceAll(/\s/g, "")].length >= others;
