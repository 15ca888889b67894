import type { Row } from "../../api/call";

export type Failed = Row & { service: string; event_id: string };
export type ParkedPage = { items: Failed[]; unavailable: string[]; next: string | null };

/** So many events of each service are listed where none was chosen. */
export const FEW = 50;

/** The first events of each service, in the order in which they came. */
export function firstOfEach(events: Failed[], few = FEW): Failed[] {
  const counts = new Map<string, number>();
  return events.filter(({ service }) => {
    const count = (counts.get(service) ?? 0) + 1;
    counts.set(service, count);
    return count <= few;
  });
}
