import type { Row } from "../api/call";
import { type Field, schemas } from "../api/meta";
import { inOrder, isShown } from "./registry";
import { Value } from "./Value";
import { useWords } from "./words";

type Props = { name: string; field: Field; rows: Row[]; currency?: string };

/** The parts of a record, such as the lines of a document, as a small table. Their amounts are in its currency. */
export function Parts({ name, field: list, rows, currency }: Props) {
  const words = useWords();
  const fields = schemas[list.items?.schema ?? ""] ?? {};
  const names = inOrder(fields).filter((part) => isShown(part) && rows.some((row) => row[part] != null));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reached by keyboard.
    <section className="parts" tabIndex={0} aria-label={words.label(name, list)}>
      <table>
        <thead>
          <tr>
            {names.map((part) => (
              <th key={part} scope="col">
                {words.label(part, fields[part])}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={row.id ?? index}>
              {names.map((part) => (
                <td key={part}>
                  <Value name={part} fields={fields} row={{ currency, ...row }} inLine />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
