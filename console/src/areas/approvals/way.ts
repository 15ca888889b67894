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
};
export type Step = { kind: string; account_id?: string | null; role?: string | null };
/** A step that is done, that is decided now, that comes later, or that nobody is asked for any more. */
export type Place = { step: number; state: "past" | "now" | "later" | "skipped"; tasks: Task[]; planned?: Step };

/** The way of an approval: the steps so far, and those that come. */
export function wayOf(approval: Row): Place[] {
  const tasks = (approval.history ?? []) as Task[];
  const steps = (approval.steps ?? []) as Step[];
  const open = approval.state === "pending";
  return Array.from({ length: Number(approval.step_count) }, (_, index) => {
    const step = index + 1;
    const here = tasks.filter((task) => task.step === step);
    const isNow = open && step === approval.step;
    const state = isNow ? "now" : here.length > 0 ? "past" : open ? "later" : "skipped";
    return { step, state, tasks: here, planned: here.length === 0 ? steps[index] : undefined };
  });
}
