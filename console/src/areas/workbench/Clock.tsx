import { useTranslation } from "react-i18next";
import { type Day, dayOf, daysBetween } from "../../resources/days";

type Counted = { text: "overdue" | "today" | "left" | "waits"; days: number };

/** How many days something is late or still has, or how many it has been waiting. */
export function counted(counts: "due" | "since", value: string, { today, zone }: Day): Counted {
  // A day is the house's own already; a moment is on one of its days.
  const days = daysBetween(today, value.length > "2026-11-26".length ? dayOf(value, zone) : value);
  if (counts === "since") return { text: days < 0 ? "waits" : "today", days: Math.max(0, -days) };
  return { text: days < 0 ? "overdue" : days === 0 ? "today" : "left", days: Math.abs(days) };
}

const LOUD = { overdue: "error", today: "warning", left: "default", waits: "default" };

export function Clock({ counts, value, day }: { counts: "due" | "since"; value: unknown; day: Day }) {
  const { t } = useTranslation();
  if (typeof value !== "string") return null;
  const { text, days } = counted(counts, value, day);
  const tone = counts === "since" ? "default" : LOUD[text];
  return <span className={`tag ${tone}`}>{t(`workbench.clock.${text}`, { count: days })}</span>;
}
