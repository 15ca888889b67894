/** What people write as a day, an amount or a number, whichever of the usual ways they write it. */
import dayjs from "dayjs";
import { daysAfter, daysBetween, fullMoment, momentOf } from "./days";

/** A text in the characters that an input method writes where it is off, without the blanks around it. */
const plain = (text: string) => text.normalize("NFKC").trim();

const DAY = /^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(.*)$/s;
const NO_YEAR = /^(\d{1,2})\s*[/月]\s*(\d{1,2})\s*(?:\s*日)?((?:(?<=日)|[T\s]).*|)$/s;
const DIGITS_ONLY = /^(\d{4})(\d{2})(\d{2})(.*)$/s;
const TIME = /^[T\s]*(\d{1,2})(?::(\d{2})(?::\d{2})?|[点时](?:(\d{1,2})分?)?)$/;
const AMOUNT = /^([-+−]?)\s*\p{Sc}?\s*(\d{1,3}(?:[,\s]\d{3})+|\d*)(?:\.(\d*))?\s*([千万亿]?)\s*元?$/u;
/** How many digits further on the point of an amount stands. */
const SHIFTS: Record<string, number> = { 千: 3, 万: 4, 亿: 8 };
/** How people call the days around today, and how far they are from it. */
const CALLED = /^(前天|昨天|今天|明天|后天|yesterday|today|tomorrow)(.*)$/is;
const AWAY: Record<string, number> = {
  前天: -2,
  昨天: -1,
  今天: 0,
  明天: 1,
  后天: 2,
  yesterday: -1,
  today: 0,
  tomorrow: 1,
};

/** A day as the API has it; nothing where the calendar has no such day. */
function dayIn(year: string | number, month: string, day: string) {
  const written = `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
  const moment = new Date(`${written}T00:00:00Z`);
  return !Number.isNaN(moment.getTime()) && moment.toISOString().startsWith(written) ? written : undefined;
}

/** The years that people mean: a day of another one is misspelt, and no calendar here shows all of them rightly. */
export const YEARS = { first: 1900, last: 2200 };
const isNear = (day: string) => Number(day.slice(0, 4)) >= YEARS.first && Number(day.slice(0, 4)) <= YEARS.last;

const todayInHouse = () => dayjs().tz().format("YYYY-MM-DD");

/** The day of this name that is the nearest to today in the house, where somebody has written no year. */
function nearest(month: string, day: string) {
  const today = todayInHouse();
  const distance = (other: string) => Math.abs(daysBetween(today, other));
  return [-1, 0, 1]
    .flatMap((years) => dayIn(Number(today.slice(0, 4)) + years, month, day) ?? [])
    .sort((one, other) => distance(one) - distance(other))[0];
}

/** The day that a text begins with, and what stands behind it. */
function begins(text: string) {
  const [, year, month, day, rest] = DAY.exec(text) ?? DIGITS_ONLY.exec(text) ?? [];
  if (year) return { day: dayIn(year, month!, day!), rest: rest!.trim() };
  const [, name, behind] = CALLED.exec(text) ?? [];
  if (name) return { day: daysAfter(todayInHouse(), AWAY[name.toLowerCase()]!), rest: behind!.trim() };
  const [, ofYear, ofMonth, more] = NO_YEAR.exec(text) ?? [];
  return ofYear ? { day: nearest(ofYear, ofMonth!), rest: more!.trim() } : undefined;
}

/** Whether a text begins with a day of a year that nobody means. */
export function isFar(text: unknown) {
  const day = typeof text === "string" ? begins(plain(text))?.day : undefined;
  return day !== undefined && !isNear(day);
}

/** The day of a year that people mean that a text begins with, and what stands behind it. */
function beginsNear(text: string) {
  const begun = begins(plain(text));
  return begun?.day && isNear(begun.day) ? { day: begun.day, rest: begun.rest } : undefined;
}

/** The day that a text means, as the API has it: `2026年1月5日` is 2026-01-05. */
export function readDay(text: string) {
  const begun = beginsNear(text);
  return begun?.rest === "" ? begun.day : undefined;
}

/** The moment at which the clock of the house shows what a text says; a day alone is its beginning. */
export function readMoment(text: string) {
  const begun = beginsNear(text);
  const [, hour = "", minute, other] = TIME.exec(begun?.rest || "0:00") ?? [];
  const time = [hour, minute ?? other ?? "0"].map((part) => part.padStart(2, "0"));
  if (!begun || hour === "" || Number(time[0]) > 23 || Number(time[1]) > 59) return undefined;
  return momentOf(dayjs(`${begun.day}T${time.join(":")}`));
}

/** The number that a text means, with a point: commas and blanks stand between thousands, and nowhere else. */
export function readNumber(text: string) {
  const [, sign, before, behind = "", times = ""] = AMOUNT.exec(plain(text)) ?? [];
  if (before === undefined || before + behind === "") return undefined;
  const shift = SHIFTS[times] ?? 0;
  const whole = before.replaceAll(/[,\s]/g, "") + behind.padEnd(shift, "0").slice(0, shift);
  const part = behind.slice(shift);
  return `${sign && sign !== "+" ? "-" : ""}${(shift ? whole.replace(/^0+(?=\d)/, "") : whole) || "0"}${part && `.${part}`}`;
}

export function readWhole(text: string) {
  const number = readNumber(text);
  return number === undefined || number.includes(".") ? undefined : Number(number);
}

/** A phone number as it was written, in the digits that an input method writes where it is off: １３９ is 139. */
export const readPhone = (text: string) => plain(text) || undefined;

/** Whether a value is one of the API's own and no text that could not be read. */
export const isDay = (value: unknown) => typeof value === "string" && readDay(value) === value;
export const isMoment = (value: unknown) =>
  typeof value === "string" &&
  /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[-+]\d\d:\d\d)$/.test(value) &&
  !Number.isNaN(Date.parse(value)) &&
  isNear(fullMoment(value));
export const isId = (value: unknown) =>
  typeof value === "string" && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value);
