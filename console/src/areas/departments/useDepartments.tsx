import { useMutation, useQuery } from "@tanstack/react-query";
import { App, Button } from "antd";
import { useTranslation } from "react-i18next";
import { call, type Page, type Row } from "../../api/call";
import { Problem } from "../../api/problem";
import { useRefresh } from "../../resources/queries";
import { titleOf } from "../../resources/registry";
import { departments } from "../admin";

const PAGE = 200;
/** No house has so many; a tree of more would be no help either. */
const MOST_PAGES = 30;
/** So long one may take a move back. */
const UNDO_SECONDS = 10;

async function everyDepartment(signal: AbortSignal): Promise<Row[]> {
  const rows: Row[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MOST_PAGES; page++) {
    const { items, next } = await call<Page>(departments.list, {
      query: { limit: PAGE, sort: "name", cursor },
      signal,
    });
    rows.push(...items);
    if (!next) break;
    cursor = next;
  }
  return rows;
}

export function useDepartments() {
  return useQuery({ queryKey: [departments.name, "tree"], queryFn: ({ signal }) => everyDepartment(signal) });
}

export type Move = { row: Row; to: string | undefined };

/** Moves a department, with all below it, and lets one take that back for a while. */
export function useMove() {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const refresh = useRefresh();
  const move = useMutation({
    mutationFn: ({ row, to }: Move) =>
      call("update_department", { path: row.id, version: row.version, body: { parent_id: to ?? null } }),
    onSuccess: (saved, { row }) => {
      const key = `moved-${row.id}`;
      const undo = () => {
        message.destroy(key);
        move.mutate({ row: saved, to: (row.parent_id as string | null) ?? undefined });
      };
      message.success({
        key,
        duration: UNDO_SECONDS,
        content: (
          <>
            {t("departments.moved", { name: titleOf(departments, row) })}{" "}
            <Button size="small" onClick={undo}>
              {t("departments.undo")}
            </Button>
          </>
        ),
      });
      void refresh(departments, saved);
    },
    onError: (error) => {
      const problem = error instanceof Problem ? error : new Problem(0, {});
      message.error(problem.status === 412 ? t("record.stale") : problem.message || t("error.hint"));
      void refresh(departments);
    },
  });
  return move;
}
