import { useTranslation } from "react-i18next";
import type { Row } from "../api/call";
import { type Resource, titleOf } from "./registry";
import type { Choosing } from "./useChosen";

type Props = { resource: Resource; choosing: Choosing };

/** Chooses one row of a list. */
export function ChoiceBox({ resource, choosing, row }: Props & { row: Row }) {
  const { t } = useTranslation();
  return (
    <label className="choice">
      <input
        type="checkbox"
        checked={choosing.has(row)}
        aria-label={t("list.choose", { name: titleOf(resource, row) })}
        onChange={() => choosing.toggle(row)}
      />
    </label>
  );
}

/** Chooses all rows that are there. */
export function AllBox({ choosing }: { choosing: Choosing }) {
  const { t } = useTranslation();
  return (
    <label className="choice">
      <input
        type="checkbox"
        checked={choosing.all}
        ref={(box) => {
          if (box) box.indeterminate = choosing.rows.length > 0 && !choosing.all;
        }}
        aria-label={t("list.chooseAll")}
        onChange={choosing.toggleAll}
      />
    </label>
  );
}
