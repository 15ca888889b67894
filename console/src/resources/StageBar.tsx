import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Row } from "../api/call";
import { useMay } from "../api/permissions";
import { ActionDialog } from "./ActionDialog";
import { type Action, fieldsOf, type Resource, stagesOf } from "./registry";
import { useDeed } from "./useDeed";
import { useWords } from "./words";
import "./stages.css";

/** How far a record has come, and with one press how far it goes next; its ends ask what they have to know. */
export default function StageBar({ resource, row }: { resource: Resource; row: Row }) {
  const { t } = useTranslation();
  const words = useWords();
  const may = useMay();
  const [ending, setEnding] = useState<Action>();
  const { field, by, ends } = resource.stages!;
  const deed = useDeed(undefined, resource);
  // One move at a time: the next one would be of what is not shown any more.
  const moveTo = (stage: string) => {
    if (deed.isPending) return;
    deed.mutate({ operation: by, path: row.id, version: row.version, body: { [field]: stage } });
  };
  const action = (operation: string) => resource.actions?.find((each) => each.operation === operation);
  const mayNow = (each?: Action) => may(row, each?.operation);
  const now = String(row[field]);
  const way = [...stagesOf(resource), ...Object.keys(ends).filter((end) => !(now in ends) || end === now)];
  const place = way.indexOf(now);
  const state = (stage: string, index: number) =>
    stage in ends ? resource.tones?.[stage] : index < place ? "past" : "ahead";
  return (
    <nav aria-label={words.label(field, fieldsOf(resource)[field])}>
      <ol className="stages">
        {way.map((stage, index) => {
          const endingBy = ends[stage] && action(ends[stage]);
          const here = stage === now;
          const open = !here && (ends[stage] ? mayNow(endingBy) : mayNow(action(by)));
          return (
            <li key={stage} className={here ? `${state(stage, index)} here` : state(stage, index)}>
              <button
                type="button"
                disabled={!open && !here}
                aria-current={here ? "step" : undefined}
                aria-label={open ? t("stages.to", { stage: words.value(stage, fieldsOf(resource)[field]) }) : undefined}
                onClick={() => open && (endingBy ? setEnding(endingBy) : moveTo(stage))}
              >
                {words.value(stage, fieldsOf(resource)[field])}
              </button>
            </li>
          );
        })}
      </ol>
      {ending && <ActionDialog resource={resource} action={ending} row={row} onClose={() => setEnding(undefined)} />}
    </nav>
  );
}
