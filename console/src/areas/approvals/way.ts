import type { Row } from "../../api/call";

export type Task = {
  step: number;
  kind: string;
  account_id: string | null;
  role: string | null;
  state: string;
  note: string | null;
  decided_at: string | null;
  decided_by_id: string | null;
  decided_by_name: string | null;
  as_administrator: boolean;
  comment: string;
  escalates_at?: string | null;
};
/** Somebody who is asked in a step, or whoever holds a role or is in a group, and what they answered. */
export type Seat = {
  id: string;
  step: number;
  account_id: string | null;
  account_name: string | null;
  role: string | null;
  group_id: string | null;
  because: string;
  required: boolean;
  by_name: string | null;
  note: string | null;
  state: string;
  decided_by_id: string | null;
  decided_at: string | null;
  on_behalf_of_name: string | null;
  comment: string;
};
export type Step = {
  kind: string;
  account_id?: string | null;
  account_ids?: string[] | null;
  role?: string | null;
  group_id?: string | null;
  height?: number | null;
  agree?: string | null;
  beside?: boolean | null;
  escalate_after?: number | null;
};
/** A step that is done, that is decided now, that comes later, or that nobody is asked for any more. */
export type State = "past" | "now" | "later" | "skipped";
export type Place = { step: number; state: State; task?: Task; seats: Seat[]; planned?: Step };
/** Steps side by side: the next stage begins when all of them have ended. */
export type Stage = { state: State; places: Place[] };

/** The numbers of the steps that run side by side, in order; what the server says of an approval, it does not of a flow. */
export function stagesOf(steps: Pick<Step, "beside">[]): number[][] {
  const stages: number[][] = [];
  for (const [index, step] of steps.entries()) {
    const last = stages.at(-1);
    if (step.beside && last) last.push(index + 1);
    else stages.push([index + 1]);
  }
  return stages;
}

/** The way of an approval: the stages so far, and those that come. */
export function wayOf(approval: Row): Stage[] {
  const tasks = (approval.history ?? []) as Task[];
  const seats = (approval.asked ?? []) as Seat[];
  const steps = (approval.steps ?? []) as Step[];
  const isOpen = approval.state === "pending";
  const place = (step: number): Place => {
    const task = tasks.find((each) => each.step === step);
    const state = task ? (isOpen && task.state === "pending" ? "now" : "past") : isOpen ? "later" : "skipped";
    const here = seats.filter((seat) => seat.step === step);
    return { step, state, task, seats: here, planned: steps[step - 1] };
  };
  const one = (_: unknown, index: number) => [index + 1];
  const told = (approval.stages as { steps: number[] }[] | undefined)?.map(({ steps }) => steps);
  const stages = told ?? Array.from({ length: Number(approval.step_count) }, one);
  return stages.map((numbers) => {
    const places = numbers.map(place);
    const states = places.map(({ state }) => state);
    return { places, state: states.includes("now") ? "now" : states[0]! };
  });
}
