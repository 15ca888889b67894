import type { Row } from "../../api/call";
import { readLines } from "./lines";

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
  const take = (line: Record<string, unknown>) => {
    far = "audit" in line ? withDifference(far, line) : { ...far, end: endOf(line) };
    tell(far);
  };
  const ended = await readLines(lines, take, signal);
  if (!far.end) tell({ ...far, end: { state: ended === "stopped" ? "stopped" : "cut" } });
}

function withDifference({ rows, count }: Comparison, line: Record<string, unknown>): Comparison {
  const row = { ...line, key: line.id, id: String(count) };
  return { rows: count < MOST ? [...rows, row] : rows, count: count + 1 };
}

function endOf({ detail, differences, unavailable }: Record<string, unknown>): End {
  if (detail) return { state: "failed", detail: String(detail) };
  return { state: "done", differences: Number(differences), unavailable: (unavailable ?? []) as string[] };
}
