import { CaretDownOutlined, CaretUpOutlined } from "@ant-design/icons";
import type { ReactNode } from "react";
import type { Row } from "../api/call";
import { orderedBy } from "../api/fields";
import { operations } from "../api/meta";
import { useAddress } from "./address";
import { AllBox, ChoiceBox } from "./ChoiceBox";
import type { useList } from "./queries";
import { RecordLink } from "./RecordLink";
import { fieldsOf, type Resource, titleOf } from "./registry";
import type { Choosing } from "./useChosen";
import { useRowKeys } from "./useRowKeys";
import { Value } from "./Value";
import { Waiting } from "./Waiting";
import { widthsOf } from "./widths";
import { spaceAround, useWindow } from "./window";
import { useWords } from "./words";
import "./sheet.css";

type Props = {
  resource: Resource;
  list: ReturnType<typeof useList>;
  total: number | undefined;
  columns: string[];
  nothing: ReactNode;
  choosing?: Choosing;
  onShow: (row?: Row) => void;
};

/** The rows as a table, of which only what is seen is drawn: antd's own weighs a fifth of everything else here. */
export default function ListTable({ resource, list, total, columns, nothing, choosing, onShow }: Props) {
  const { values } = useAddress();
  const { preview, columns: _columns, new: _new, ...question } = values;
  const seen = useWindow(list.rows.length, JSON.stringify(question), list.more);
  useRowKeys({ resource, rows: list.rows, shown: preview, frame: seen.frame, row: seen.row, onShow });
  if (list.data && !list.isPlaceholderData && list.rows.length === 0) return nothing;
  if (list.isPending) return <Waiting />;
  const { above, below } = spaceAround(seen, list.rows.length);
  const widths = widthsOf(columns, fieldsOf(resource));
  return (
    <Sheet seen={seen}>
      <table
        aria-rowcount={total === undefined ? -1 : total + 1}
        aria-busy={list.isPlaceholderData}
        style={{ minWidth: widths.reduce((sum, width) => sum + width, 0) }}
      >
        <colgroup>
          {columns.map((name, column) => (
            <col key={name} style={{ width: widths[column] }} />
          ))}
        </colgroup>
        <thead>
          <tr aria-rowindex={1}>
            {columns.map((name, column) => (
              <Head key={name} resource={resource} name={name} choosing={column === 0 ? choosing : undefined} />
            ))}
          </tr>
        </thead>
        <tbody>
          <Space height={above} />
          {list.rows.slice(seen.from, seen.to).map((row, index) => (
            // A click anywhere is a convenience of the mouse; the name is the link that keys and readers find.
            <tr
              key={row.id}
              data-row-key={row.id}
              aria-rowindex={seen.from + index + 2}
              aria-current={row.id === preview || undefined}
              className={row.id === preview ? "chosen" : undefined}
              onClick={({ target }) => (target as Element).closest(".choice") || onShow(row)}
            >
              {columns.map((name, column) => (
                <Cell key={name} resource={resource} row={row} name={name} first={column === 0} choosing={choosing} />
              ))}
            </tr>
          ))}
          <Space height={below} />
        </tbody>
      </table>
    </Sheet>
  );
}

/** What the table scrolls in; a shadow says that there is more on its right. */
const Sheet = ({ seen, children }: { seen: ReturnType<typeof useWindow>; children: ReactNode }) => (
  <div className={seen.cut ? "sheet-frame cut-off" : "sheet-frame"}>
    <div ref={seen.frame} className="sheet" style={{ maxHeight: seen.height }} onScroll={seen.onScroll}>
      {children}
    </div>
  </div>
);

/** The rows that are not drawn, as high as they would be. */
const Space = ({ height }: { height: number }) => (height > 0 ? <tr aria-hidden style={{ height }} /> : null);

/** What is cut after two lines; the span holds what stands beside each other, as the cut makes a block of each child. */
const TwoLines = ({ children }: { children: ReactNode }) => (
  <div>
    <span>{children}</span>
  </div>
);

type CellProps = { resource: Resource; row: Row; name: string; first: boolean; choosing?: Choosing };

function Cell({ resource, row, name, first, choosing }: CellProps) {
  const fields = fieldsOf(resource);
  if (!first)
    return (
      <td className={fields[name]?.money ? "amount" : undefined}>
        <TwoLines>
          <Value name={name} fields={fields} row={row} tones={resource.tones} inLine />
        </TwoLines>
      </td>
    );
  const title = resource.title.includes(name) ? titleOf(resource, row) : String(row[name] ?? "—");
  return (
    <td className={choosing && "choosing"}>
      {choosing && <ChoiceBox resource={resource} choosing={choosing} row={row} />}
      <TwoLines>
        <RecordLink resource={resource} row={row}>
          {title}
        </RecordLink>
      </TwoLines>
    </td>
  );
}

/** The name of a column. Where the list can be in its order, a click asks for that, the next for the opposite. */
function Head({ resource, name, choosing }: { resource: Resource; name: string; choosing?: Choosing }) {
  const words = useWords();
  const { values, set } = useAddress();
  const field = fieldsOf(resource)[name];
  const label = words.label(name, field);
  const className = choosing ? "choosing" : field?.money ? "amount" : undefined;
  const box = choosing && <AllBox choosing={choosing} />;
  if (!operations[resource.list].sort?.includes(name) && !orderedBy(resource.noun).includes(name))
    return (
      <th scope="col" className={className}>
        {box}
        {label}
      </th>
    );
  const sort = values.sort ?? resource.sort ?? "-created_at";
  const [up, down] = [sort === name, sort === `-${name}`];
  return (
    <th scope="col" className={className} aria-sort={up ? "ascending" : down ? "descending" : undefined}>
      {box}
      <button type="button" onClick={() => set({ sort: up ? `-${name}` : down ? undefined : name })}>
        {label}
        {up && <CaretUpOutlined />}
        {down && <CaretDownOutlined />}
      </button>
    </th>
  );
}
