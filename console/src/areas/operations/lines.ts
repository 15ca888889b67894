import { Problem } from "../../api/problem";

type Line = Record<string, unknown>;

/**
 * Takes what a service answers line by line, and returns how that ended: there is no more, whoever asked has stopped it,
 * or it was cut off on its way. What was refused is thrown as it is.
 */
export async function readLines(lines: AsyncIterable<Line>, take: (line: Line) => void, signal: AbortSignal) {
  try {
    for await (const line of lines) take(line);
  } catch (error) {
    if (error instanceof Problem && !signal.aborted) throw error;
    // A reader that breaks off has met the end of the network.
    if (!signal.aborted) return "cut";
  }
  return signal.aborted ? "stopped" : "finished";
}

/** Reads a stream of lines of JSON, each as soon as it is there. */
export async function* jsonLines(stream: ReadableStream<Uint8Array>): AsyncGenerator<Line> {
  const decoder = new TextDecoder();
  const reader = stream.getReader();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      rest += decoder.decode(value, { stream: !done });
      const lines = rest.split("\n");
      rest = lines.pop()!;
      for (const line of lines) if (line.trim()) yield JSON.parse(line);
      if (done) break;
    }
    if (rest.trim()) yield JSON.parse(rest);
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
