import { useRef } from "react";
import type { Row } from "../api/call";
import type { Resource } from "./registry";
import { useDeed } from "./useDeed";

/** Returns what moves a record to another stage of its way: one move at a time, however often it is pressed. */
export function useMoveTo(resource: Resource, row: Row) {
  const deed = useDeed(undefined, resource);
  const moving = useRef(false);
  const { field, by } = resource.stages!;
  return async (stage: string) => {
    if (moving.current) return;
    moving.current = true;
    const asked = { operation: by, path: row.id, version: row.version, body: { [field]: stage } };
    await deed.ask(asked);
    moving.current = false;
  };
}
