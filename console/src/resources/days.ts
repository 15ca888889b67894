import dayjs, { type Dayjs } from "dayjs";
import timezone from "dayjs/plugin/timezone";
import utc from "dayjs/plugin/utc";
import { useEffect, useState } from "react";
import { useMe } from "../api/permissions";

dayjs.extend(utc);
dayjs.extend(timezone);

/** Which day it is in the house, and by which clock. */
export type Day = { today: string; zone: string };

/** The day that a calendar on the wall of the house shows at a moment: what is due is counted by it (`time_zone` of me). */
export const dayOf = (moment: string | Date, zone: string) => dayjs(moment).tz(zone).format("YYYY-MM-DD");

const clockOf = (zone?: string) =>
  new Intl.DateTimeFormat("sv", { timeZone: zone, dateStyle: "short", timeStyle: "short" });
let clock = clockOf();
let counted: string | undefined;

/** What every clock and calendar shows from now on, wherever the reader sits: antd's take it from there. */
export function countDaysBy(zone?: string) {
  if (zone === counted) return;
  counted = zone;
  dayjs.tz.setDefault(zone);
  clock = clockOf(zone);
}

/** What the clock and the calendar on the wall of the house show at a moment; lists ask for many, and dayjs takes long. */
export const fullMoment = (moment: string) => clock.format(new Date(moment));

/** A moment as that clock shows it, for an input, and the one at which it shows something. */
export const inHouse = (moment: string) => dayjs(moment).tz();
export const momentOf = (shown: Dayjs) => dayjs.tz(shown.format("YYYY-MM-DDTHH:mm:ss")).toISOString();

/** The moment at which a day of the house begins. */
export const beginningOf = (day: string, zone: string) => dayjs.tz(day, zone).toISOString();

/** The last moment of a day of the house. */
export const endOf = (day: string, zone: string) =>
  dayjs(beginningOf(daysAfter(day, 1), zone))
    .subtract(1, "ms")
    .toISOString();

export const daysAfter = (day: string, count: number) => dayjs.utc(day).add(count, "day").format("YYYY-MM-DD");
export const firstOfMonth = (day: string) => `${day.slice(0, 8)}01`;

/** How many days lie between two days: less than none where the second one is over. */
export const daysBetween = (from: string, to: string) => dayjs.utc(to).diff(dayjs.utc(from), "day");

/** Which day it is in the house; a page that is open over midnight goes on with the next one. */
export function useDay(): Day {
  const zone = useMe().data!.time_zone;
  const [today, setToday] = useState(() => dayOf(new Date(), zone));
  useEffect(() => {
    const midnight = Date.parse(beginningOf(daysAfter(today, 1), zone));
    const next = setTimeout(() => setToday(dayOf(new Date(), zone)), midnight - Date.now() + 1_000);
    return () => clearTimeout(next);
  }, [today, zone]);
  return { today, zone };
}
