import { useState } from "react";
import type { Row } from "../../api/call";
import type { OperationName } from "../../api/meta";
import { usePerform } from "../../resources/deeds";
import { useRefusal, whyOf } from "../../resources/refusals";
import { type Resource, titleOf } from "../../resources/registry";

/** What became of one record: why it was refused, where it was. */
export type Outcome = { id: string; title: string; refused?: string };

/** Does one thing with each of several records, one after the other: what is refused of one keeps no other from it. */
export function useEach(resource: Resource, operation: OperationName) {
  const perform = usePerform();
  const refusal = useRefusal();
  const [outcomes, setOutcomes] = useState<Outcome[]>([]);
  const [isUnderWay, setUnderWay] = useState(false);
  const one = async (row: Row, body: object): Promise<Outcome> => {
    const told = { id: row.id, title: titleOf(resource, row) };
    try {
      await perform(operation, { path: row.id, body: Object.keys(body).length > 0 ? body : undefined });
      return told;
    } catch (error) {
      return { ...told, refused: whyOf(error) || refusal(error) };
    }
  };
  const take = async (rows: Row[], body: object) => {
    setUnderWay(true);
    const became: Outcome[] = [];
    for (const row of rows) {
      became.push(await one(row, body));
      setOutcomes([...became]);
    }
    setUnderWay(false);
  };
  return { take, outcomes, isUnderWay };
}
