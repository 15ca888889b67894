const TOKEN = /\{n(?::0?(\d{1,2}))?\}|\{date:((?:%[Yymd]|[-./_])+)\}|\{([a-z_]+)\}|[{}]/g;
const NEEDED: Record<string, string[]> = { day: ["Yy", "m", "d"], month: ["Yy", "m"], year: ["Yy"], ever: [] };

/** The first number of a day by a pattern; nothing where it is none, or would give one twice. */
export function exampleOf(pattern: string, counts: string, today: string, fields: string[]) {
  const [year = "", month = "", day = ""] = today.split("-");
  const written: Record<string, string> = { Y: year, y: year.slice(2), m: month, d: day };
  let numbers = 0;
  let dates = "";
  let isRight = true;
  const example = pattern.replace(TOKEN, (token, digits, date, field) => {
    if (date) {
      dates += date;
      return date.replace(/%(.)/g, (_: string, letter: string) => written[letter]!);
    }
    if (field && field !== "n") {
      isRight &&= fields.includes(field);
      return field.toUpperCase();
    }
    isRight &&= token.startsWith("{n") && Number(digits ?? 1) >= 1 && Number(digits ?? 1) <= 12;
    numbers += 1;
    return "1".padStart(Number(digits ?? 1), "0");
  });
  const shows = NEEDED[counts]?.every((letters) => [...letters].some((letter) => dates.includes(`%${letter}`)));
  return isRight && shows && numbers === 1 ? example : undefined;
}
