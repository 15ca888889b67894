import { call } from "../../api/call";

export type Wish = { publisher: string; consumer: string; types?: string[]; since?: string; again?: boolean };
type Replayed = { sent: number; replay_id: string | null; kept_since: string | null; next: number | null };
export type Progress = { sent: number; keptSince: string | null; state: "running" | "finished" | "stopped" };

/** Asks for the events page by page until there are no more, or somebody stops it; tells how far it has got. */
export async function replay(
  { publisher, ...wish }: Wish,
  tell: (progress: Progress) => void,
  stopped: () => boolean,
  ask = (body: object) => call<Replayed>("replay_events", { path: publisher, body }),
) {
  const progress: Progress = { sent: 0, keptSince: null, state: "running" };
  let on: { after?: number; replay_id?: string } = {};
  while (progress.state === "running") {
    const page = await ask({ ...wish, ...on });
    progress.sent += page.sent;
    progress.keptSince ??= page.kept_since;
    if (page.next === null) progress.state = "finished";
    else if (stopped()) progress.state = "stopped";
    else on = { after: page.next, ...(page.replay_id && { replay_id: page.replay_id }) };
    tell({ ...progress });
  }
}
