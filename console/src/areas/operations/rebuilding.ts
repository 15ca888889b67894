import { Problem } from "../../api/problem";

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
  try {
    for await (const { sent, detail } of lines) {
      if (detail) return become({ state: "failed", detail: String(detail) });
      become({ sent: far.sent + Number(sent) });
    }
    become({ state: signal.aborted ? "stopped" : "finished" });
  } catch (error) {
    // What was refused is told as it is; a reader that breaks off has met the end of the network.
    if (error instanceof Problem && !signal.aborted) throw error;
    become({ state: signal.aborted ? "stopped" : "cut" });
  }
}
