import dayjs from "dayjs";
import { momentOf } from "./days";

/** What people write as a day, an amount or a number, whichever of the usual ways they write it. */
const plain = (text: string) => text.normalize("NFKC").trim();

const DAY = /^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(.*)$/s;
const DIGITS_ONLY = /^(\d{4})(\d{2})(\d{2})(.*)$/s;
const TIME = /^[T\s]*(\d{1,2})(?::(\d{2})(?::\d{2})?|[点时](?:(\d{1,2})分?)?)$/;
const AMOUNT = /^([-+−]?)\s*\p{Sc}?\s*(\d{1,3}(?:[,\s]\d{3})+|\d*)(?:\.(\d*))?\s*元?$/u;

/** The day that a text begins with, and what stands behind it; nothing where the calendar has no such day. */
function begins(text: string) {
  const [, year, month, day, rest] = DAY.exec(text) ?? DIGITS_ONLY.exec(text) ?? [];
  if (!year) return undefined;
  const written = `${year}-${month!.padStart(2, "0")}-${day!.padStart(2, "0")}`;
  const moment = new Date(`${written}T00:00:00Z`);
  const isThere = !Number.isNaN(moment.getTime()) && moment.toISOString().startsWith(written);
  return isThere ? { day: written, rest: rest!.trim() } : undefined;
}

/** The day that a text means, as the API has it: `2026年1月5日` is 2026-01-05. */
export function readDay(text: string) {
  const begun = begins(plain(text));
  return begun?.rest === "" ? begun.day : undefined;
}

/** The moment at which the clock of the house shows what a text says; a day alone is its beginning. */
export function readMoment(text: string) {
  const begun = begins(plain(text));
  const [, hour = "", minute, other] = TIME.exec(begun?.rest || "0:00") ?? [];
  const time = [hour, minute ?? other ?? "0"].map((part) => part.padStart(2, "0"));
  if (!begun || hour === "" || Number(time[0]) > 23 || Number(time[1]) > 59) return undefined;
  return momentOf(dayjs(`${begun.day}T${time.join(":")}`));
}

/** The number that a text means, with a point: commas and blanks stand between thousands, and nowhere else. */
export function readNumber(text: string) {
  const [, sign, whole, part = ""] = AMOUNT.exec(plain(text)) ?? [];
  if (whole === undefined || whole + part === "") return undefined;
  return `${sign && sign !== "+" ? "-" : ""}${whole.replaceAll(/[,\s]/g, "") || "0"}${part && `.${part}`}`;
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
  typeof value === "string" && /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[-+]\d\d:\d\d)$/.test(value);
