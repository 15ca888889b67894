import dayjs from "dayjs";
import { fullMoment } from "./days";

/** An amount as people of a language write it. It comes as a decimal string and never becomes a sum here. */
export function money(amount: string, currency: string | undefined, language: string) {
  const plain = { minimumFractionDigits: amount.split(".")[1]?.length ?? 0, maximumFractionDigits: 4 };
  // Formatting takes the string itself, so that no digit of a large amount is lost in a float.
  const exact = amount as unknown as number;
  if (!currency) return new Intl.NumberFormat(language, plain).format(exact);
  return new Intl.NumberFormat(language, { ...plain, style: "currency", currency }).format(exact);
}

/** Within a week how long ago, `justNow` within a minute, otherwise the day; the full moment stands in the title. */
export function moment(value: string, language: string, justNow: string, now = dayjs()) {
  const then = dayjs(value);
  const minutes = then.diff(now, "minute");
  if (minutes === 0) return justNow;
  const [count, unit] =
    Math.abs(minutes) < 60
      ? ([minutes, "minute"] as const)
      : Math.abs(minutes) < 24 * 60
        ? ([Math.trunc(minutes / 60), "hour"] as const)
        : ([Math.trunc(minutes / 60 / 24), "day"] as const);
  if (unit === "day" && Math.abs(count) > 7) return fullMoment(value).slice(0, 10);
  return new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(count, unit);
}
