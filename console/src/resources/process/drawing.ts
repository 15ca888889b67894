export type Step = {
  service: string;
  at: string;
  kind: "operation" | "event_published" | "event_handled" | "event_failed" | "event_awaited";
  name: string;
  outcome: string;
  duration_ms: number | null;
  event_id?: string;
  tries?: number;
  next_try_at?: string | null;
};
type Point = { lane: number; row: number };
export type Line = { from: Point; to: Point; step: Step };

/** Where each step of a process stands: a lane for each service in the order in which they come in, a row for each step. */
export function drawingOf(steps: Step[]) {
  const lanes = [...new Set(steps.map((step) => step.service))];
  const place = (row: number): Point => ({ lane: lanes.indexOf(steps[row]!.service), row });
  const published = new Map(
    steps.flatMap((step, row) => (step.kind === "event_published" && step.event_id ? [[step.event_id, row]] : [])),
  );
  const lines = steps.flatMap<Line>((step, row) => {
    const from = step.kind === "event_published" ? undefined : published.get(step.event_id ?? "");
    return from === undefined ? [] : [{ from: place(from), to: place(row), step }];
  });
  const from = (step: Step) => steps[published.get(step.event_id ?? "") ?? -1]?.service;
  return { lanes, lines, points: steps.map((_step, row) => place(row)), from };
}

/** What a step comes to: done, on its way, or stopped until somebody looks after it. */
export function toneOf(step: Step) {
  if (step.kind === "event_awaited" || step.outcome === "waiting") return "waiting";
  if (["ok", "published"].includes(step.outcome)) return "done";
  return step.outcome === "retrying" ? "retrying" : "stopped";
}
