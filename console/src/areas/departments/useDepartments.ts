import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { Row } from "../../api/call";
import { everyRow } from "../../resources/queries";
import { titleOf } from "../../resources/registry";
import { useDeed } from "../../resources/useDeed";
import { useUndo } from "../../resources/useUndo";
import { departments } from "../admin";

/** No house has so many; a tree of more would be no help either. */
const MOST = 6_000;

export function useDepartments() {
  return useQuery({
    queryKey: [departments.name, "tree"],
    queryFn: ({ signal }) => everyRow(departments.list, MOST, signal),
  });
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
