/** One block of a stream of server-sent events. */
export type Block = { event: string; data: string; id?: string };

/** Returns what takes a stream piece by piece, as it comes, and gives back the blocks that are whole with it. */
export function blocksOf() {
  let rest = "";
  return (piece: string): Block[] => {
    const parts = (rest + piece).replaceAll("\r\n", "\n").split("\n\n");
    rest = parts.pop()!;
    return parts.map(blockOf);
  };
}

function blockOf(text: string): Block {
  const block: Block = { event: "message", data: "" };
  const data: string[] = [];
  for (const line of text.split("\n")) {
    const [, name, value] = /^(\w+): ?(.*)$/.exec(line) ?? [];
    if (name === "data") data.push(value!);
    if (name === "event") block.event = value!;
    if (name === "id") block.id = value!;
  }
  return { ...block, data: data.join("\n") };
}
