import type { Row } from "../../api/call";
import { Problem } from "../../api/problem";

/** So many differences are listed; what is found beyond them is counted. */
const MOST = 500;

/** How a comparison ended: with what the services have come to, stopped by whoever began it, or cut off on its way. */
export type End =
  | { state: "done"; differences: number; unavailable: string[] }
  | { state: "failed"; detail: string }
  | { state: "stopped" }
  | { state: "cut" };
export type Comparison = { rows: Row[]; count: number; end?: End };

/** Tells line by line what differs, and at last how it ended: a stream that does not say so itself was cut off. */
export async function comparing(
  lines: AsyncIterable<Record<string, unknown>>,
  tell: (so: Comparison) => void,
  signal: AbortSignal,
) {
  let far: Comparison = { rows: [], count: 0 };
  try {
    for await (const line of lines) {
      far = "audit" in line ? withDifference(far, line) : { ...far, end: endOf(line) };
      tell(far);
    }
  } catch (error) {
    // What was refused is told as it is; a reader that breaks off has met the end of the network.
    if (error instanceof Problem && !signal.aborted) throw error;
  }
  if (!far.end) tell({ ...far, end: { state: signal.aborted ? "stopped" : "cut" } });
}

function withDifference({ rows, count }: Comparison, line: Record<string, unknown>): Comparison {
  const row = { ...line, key: line.id, id: String(count) };
  return { rows: count < MOST ? [...rows, row] : rows, count: count + 1 };
}

function endOf({ detail, differences, unavailable }: Record<string, unknown>): End {
  if (detail) return { state: "failed", detail: String(detail) };
  return { state: "done", differences: Number(differences), unavailable: (unavailable ?? []) as string[] };
}
