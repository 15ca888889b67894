import { readLines } from "./lines";

/** How far a rebuild has got, and how it ended: all was told, somebody stopped it, or it was cut off on its way. */
export type Rebuilt = { sent: number; state: "running" | "finished" | "stopped" | "cut" | "failed"; detail?: string };

/** Counts what is told anew; the answer ends where all of it was told, and says itself where a service gave up. */
export async function rebuilding(
  lines: AsyncIterable<Record<string, unknown>>,
  tell: (far: Rebuilt) => void,
  signal: AbortSignal,
) {
  let far: Rebuilt = { sent: 0, state: "running" };
  const become = (more: Partial<Rebuilt>) => {
    far = { ...far, ...more };
    tell(far);
  };
  const take = ({ sent, detail }: Record<string, unknown>) =>
    become(detail ? { state: "failed", detail: String(detail) } : { sent: far.sent + Number(sent) });
  const ended = await readLines(lines, take, signal);
  if (far.state !== "failed") become({ state: ended });
}
