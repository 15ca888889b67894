import { EditOutlined } from "@ant-design/icons";
import { Button, Spin } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { bodyOf } from "../api/bodies";
import type { Row } from "../api/call";
import { useSettings } from "../api/fields";
import { useMay } from "../api/permissions";
import { Awaited } from "./Awaited";
import { Fact } from "./Fact";
import { isAsked, kindOf } from "./kinds";
import { lazily } from "./lazily";
import { fieldsOf, inOrder, isShown, type Resource } from "./registry";
import { useShortcut } from "./shortcuts";
import { draftName, useDraft, useDrafts } from "./useDraft";
import { Value } from "./Value";
import { useWords } from "./words";

const EditInPlace = lazily(() => import("./EditInPlace"));

/** A name that comes beside an id: the id is shown by it. */
const isBeside = (name: string, fields: object) => name.endsWith("_name") && name.replace(/_name$/, "_id") in fields;

/** The fields of a record in named groups; what is in none of them stands in the last one. */
export function groupsOf(resource: Resource, row: Row): [string, string[]][] {
  const fields = fieldsOf(resource);
  const all = inOrder(fields).filter(
    (name) =>
      isShown(name) &&
      !isBeside(name, fields) &&
      !resource.picture?.of?.includes(name) &&
      (name in row || !resource.summary),
  );
  const named = Object.entries(resource.groups ?? {});
  const elsewhere = [...named.flatMap(([, names]) => names), ...(resource.apart ?? [])];
  const rest = all.filter((name) => !elsewhere.includes(name));
  const without = resource.without?.(row) ?? [];
  return [...named, ["more", rest] as const]
    .map(([group, names]) => [group, names.filter((name) => !without.includes(name))] as [string, string[]])
    .filter(([, names]) => names.length > 0);
}

const CHIEF = 4;
/** What one wants to know first: the filled columns of its list, but what its head says already. */
function chiefOf(resource: Resource, row: Row) {
  const said = [titleNameOf(resource, row), resource.status, resource.figure, resource.owner];
  const fields = fieldsOf(resource);
  return resource.columns.filter((name) => name in fields && !said.includes(name) && isTold(row[name])).slice(0, CHIEF);
}

const isTold = (value: unknown) => value != null && value !== "";
const titleNameOf = (resource: Resource, row: Row) => resource.title.find((name) => row[name]);

/** Leads to the first field that may be changed; from there on one goes by Tab. */
const useEditKey = (on: boolean) =>
  useShortcut("edit", () => document.querySelector<HTMLElement>(".fact button.edit")?.click(), on);

type FactsProps = { resource: Resource; row: Row; readOnly?: boolean };

/** The facts of a record where there is little room: the chief ones, and by a press all of them. */
export function FoldedFacts({ resource, row }: FactsProps) {
  const { t } = useTranslation();
  const drafts = useDrafts();
  const [unfolded, setUnfolded] = useState(() => drafts.isAny(draftName(resource, row, "")));
  useEditKey(!unfolded);
  return (
    <>
      {unfolded ? (
        <Facts resource={resource} row={row} />
      ) : (
        <dl className="chief">
          {chiefOf(resource, row).map((name) => (
            <OwnFact key={name} resource={resource} row={row} name={name} />
          ))}
        </dl>
      )}
      <Button block onClick={() => setUnfolded(!unfolded)}>
        {t(unfolded ? "record.fold" : "record.unfold")}
      </Button>
    </>
  );
}

export function Facts({ resource, row, readOnly }: FactsProps) {
  useSettings();
  const { t } = useTranslation();
  useEditKey(!readOnly);
  return groupsOf(resource, row).map(([group, names]) => (
    <section key={group} className="facts-group">
      <h2>{t(`group.${group}`)}</h2>
      <dl>
        {names.map((name) => (
          <OwnFact key={name} resource={resource} row={row} name={name} readOnly={readOnly} />
        ))}
      </dl>
    </section>
  ));
}

type OwnFactProps = { resource: Resource; row: Row; name: string; readOnly?: boolean };

function OwnFact({ resource, row, name, readOnly }: OwnFactProps) {
  const { t } = useTranslation();
  const words = useWords();
  const may = useMay();
  // What was typed here and not saved stands here again.
  const draft = useDraft(draftName(resource, row, name));
  const [editing, setEditing] = useState(draft.isThere);
  // Whoever has changed it goes on from where it stands.
  const [edited, setEdited] = useState(false);
  const edit = (begun: boolean) => {
    setEditing(begun);
    setEdited(true);
  };
  const fields = fieldsOf(resource);
  const changeable = resource.update && may(row, resource.update) ? bodyOf(resource.update)[name] : undefined;
  const editable =
    !readOnly && changeable && name !== resource.status && isAsked(kindOf(name, changeable, fields), changeable);
  return (
    <Fact name={name} fields={fields}>
      {editing && editable ? (
        <Awaited onClose={() => edit(false)} shows={<Spin size="small" />}>
          <EditInPlace resource={resource} row={row} name={name} onClose={() => edit(false)} />
        </Awaited>
      ) : (
        <>
          <Value name={name} fields={fields} row={row} tones={resource.tones} />
          {editable && (
            <Button
              type="text"
              size="small"
              className="edit"
              icon={<EditOutlined />}
              aria-label={t("record.edit", { label: words.label(name, fields[name]) })}
              autoFocus={edited}
              onClick={() => edit(true)}
            />
          )}
        </>
      )}
    </Fact>
  );
}
