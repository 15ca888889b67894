import type { Row } from "../api/call";
import { type Field, schemas } from "../api/meta";
import { inOrder, isShown } from "./registry";
import { SmallTable } from "./SmallTable";
import { Value } from "./Value";
import { useWords } from "./words";

type Props = { name: string; field: Field; rows: Row[]; currency?: string };

/** The parts of a record, such as the lines of a document, as a small table. Their amounts are in its currency. */
export function Parts({ name, field: list, rows, currency }: Props) {
  const words = useWords();
  const fields = schemas[list.items?.schema ?? ""] ?? {};
  const names = inOrder(fields).filter((part) => isShown(part) && rows.some((row) => row[part] != null));
  if (names.length === 0) return <span className="nothing">—</span>;
  return (
    <SmallTable
      label={words.label(name, list)}
      columns={names.map((part) => ({ name: part, label: words.label(part, fields[part]) }))}
      rows={rows}
      cell={(row, part) => <Value name={part} fields={fields} row={{ currency, ...row }} inLine />}
    />
  );
}
