import type { ReactNode } from "react";
import type { Row } from "../api/call";
import { reachable } from "./reachable";

type Props = {
  label: string;
  /** The columns in their order, with what they are called. */
  columns: { name: string; label: string }[];
  rows: Row[];
  cell: (row: Row, name: string) => ReactNode;
};

/** A table for a few rows inside a record. Where there is no room for columns each row becomes a list of its values. */
export function SmallTable({ label, columns, rows, cell }: Props) {
  return (
    <section className="parts" aria-label={label} ref={reachable}>
      <table>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.name} scope="col">
                {column.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={row.id ?? index} data-row-key={row.id}>
              {columns.map((column) => (
                <td key={column.name} data-label={column.label}>
                  {cell(row, column.name)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
