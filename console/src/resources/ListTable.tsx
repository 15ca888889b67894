import { Table, type TableColumnsType } from "antd";
import { type ReactNode, useLayoutEffect, useRef, useState } from "react";
import { Link } from "react-router";
import type { Row } from "../api/call";
import { operations } from "../api/meta";
import { useAddress } from "./address";
import type { useList } from "./queries";
import { fieldsOf, type Resource, recordPath, titleOf } from "./registry";
import { Value } from "./Value";
import { useWords } from "./words";

const FIRST = 220;
const OTHER = 140;
/** The next page is fetched when the end is this near. */
const NEAR = 600;

type Props = {
  resource: Resource;
  list: ReturnType<typeof useList>;
  columns: string[];
  nothing: ReactNode;
  onShow: (row: Row) => void;
};

/** The rows as a table that draws only what is seen. */
export default function ListTable({ resource, list, columns, nothing, onShow }: Props) {
  const words = useWords();
  const { values, set } = useAddress();
  const fields = fieldsOf(resource);
  const { frame, height } = useRoom();
  const sorts = operations[resource.list].sort ?? [];
  const sort = values.sort ?? resource.sort ?? "-created_at";
  const head: TableColumnsType<Row> = columns.map((name, index) => ({
    key: name,
    dataIndex: name,
    title: words.label(name, fields[name]),
    ellipsis: true,
    width: index ? OTHER : FIRST,
    fixed: index ? undefined : "start",
    align: fields[name]?.money ? "end" : undefined,
    sorter: sorts.includes(name),
    sortOrder: sort === name ? "ascend" : sort === `-${name}` ? "descend" : null,
    render: (_: unknown, row) =>
      index === 0 ? (
        <Link to={recordPath(resource, row.id)} onClick={(event) => event.stopPropagation()}>
          {name === resource.title[0] ? titleOf(resource, row) : String(row[name] ?? "—")}
        </Link>
      ) : (
        <Value name={name} fields={fields} row={row} tones={resource.tones} inLine />
      ),
  }));
  if (list.isSuccess && list.rows.length === 0 && !list.isFetching) return nothing;
  return (
    <div ref={frame}>
      <Table<Row>
        rowKey="id"
        size="small"
        virtual
        pagination={false}
        columns={head}
        dataSource={list.rows}
        loading={list.isFetching && !list.isFetchingNextPage}
        scroll={{ x: FIRST + OTHER * (columns.length - 1), y: height }}
        locale={{ emptyText: " " }}
        rowClassName={(row) => (row.id === values.preview ? "row chosen" : "row")}
        onRow={(row) => ({ onClick: () => onShow(row) })}
        onChange={(_page, _filter, sorter) => {
          const one = Array.isArray(sorter) ? sorter[0] : sorter;
          set({ sort: one?.order ? `${one.order === "descend" ? "-" : ""}${String(one.field)}` : undefined });
        }}
        onScroll={({ currentTarget: box }) => {
          if (box.scrollHeight - box.scrollTop - box.clientHeight < NEAR) list.more();
        }}
      />
    </div>
  );
}

/** How high the table may be: from where it begins to the lower edge of the window. */
function useRoom() {
  const frame = useRef<HTMLDivElement>(null);
  const [height, setHeight] = useState(400);
  useLayoutEffect(() => {
    const measure = () => {
      const top = frame.current?.getBoundingClientRect().top ?? 0;
      setHeight(Math.max(200, Math.round(window.innerHeight - top - 64)));
    };
    measure();
    window.addEventListener("resize", measure);
    return () => window.removeEventListener("resize", measure);
  }, []);
  return { frame, height };
}
