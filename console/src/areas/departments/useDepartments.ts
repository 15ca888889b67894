import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { call, type Page, type Row } from "../../api/call";
import { titleOf } from "../../resources/registry";
import { useDeed } from "../../resources/useDeed";
import { useUndo } from "../../resources/useUndo";
import { departments } from "../admin";

const PAGE = 200;
/** No house has so many; a tree of more would be no help either. */
const MOST_PAGES = 30;

type Found = { rows: Row[]; isCapped: boolean };

async function everyDepartment(signal: AbortSignal): Promise<Found> {
  const rows: Row[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MOST_PAGES; page++) {
    const { items, next } = await call<Page>(departments.list, {
      query: { limit: PAGE, sort: "name", cursor },
      signal,
    });
    rows.push(...items);
    if (!next) return { rows, isCapped: false };
    cursor = next;
  }
  return { rows, isCapped: true };
}

export function useDepartments() {
  return useQuery({ queryKey: [departments.name, "tree"], queryFn: ({ signal }) => everyDepartment(signal) });
}

/** Returns what moves a department, with all below it, lets one take that back for a while, and says whether it was done. */
export function useMove() {
  const { t } = useTranslation();
  const undoable = useUndo();
  const deed = useDeed(undefined, departments);
  const ask = (row: Row, to: string | null) =>
    deed.ask({ operation: "update_department", path: row.id, version: row.version, body: { parent_id: to } });
  return async (row: Row, to: string | undefined) => {
    const saved = await ask(row, to ?? null);
    const before = row.parent_id as string | null;
    if (saved)
      undoable(`moved-${row.id}`, t("departments.moved", { name: titleOf(departments, row) }), () =>
        ask(saved, before),
      );
    return saved !== undefined;
  };
}
