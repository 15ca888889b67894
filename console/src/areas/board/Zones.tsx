import { dropTargetForElements } from "@atlaskit/pragmatic-drag-and-drop/element/adapter";
import { useEffect, useRef, useState } from "react";
import type { Row } from "../../api/call";
import { ActionDialog } from "../../resources/ActionDialog";
import { opportunities } from "../sales";

/** The ends of the way of an opportunity, each with the operation that asks what it has to know. */
export const ENDS = opportunities.stages!.ends;

/** Where a card is dropped that is won or lost; they are there while one is dragged. */
export function Zones({ ends, named }: { ends: string[]; named: (stage: string) => string }) {
  return (
    <div className="zones">
      {ends.map((end) => (
        <Zone key={end} end={end} name={named(end)} />
      ))}
    </div>
  );
}

function Zone({ end, name }: { end: string; name: string }) {
  const ref = useRef<HTMLDivElement>(null);
  const [over, setOver] = useState(false);
  useEffect(
    () =>
      dropTargetForElements({
        element: ref.current!,
        getData: () => ({ end }),
        onDragEnter: () => setOver(true),
        onDragLeave: () => setOver(false),
      }),
    [end],
  );
  return (
    <div ref={ref} className={over ? `zone ${end} over` : `zone ${end}`}>
      {name}
    </div>
  );
}

/** The form of what a card ends with: when it was, for how much, or why it was lost. */
export function EndDialog({ card, end, onClose }: { card: Row; end: string; onClose: () => void }) {
  const action = opportunities.actions!.find(({ operation }) => operation === ENDS[end])!;
  return <ActionDialog resource={opportunities} action={action} row={card} onClose={onClose} />;
}
