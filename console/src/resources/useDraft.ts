import { useState } from "react";
import { bodyOf } from "../api/bodies";
import type { Row } from "../api/call";
import { useMe } from "../api/permissions";
import { lastSignOut } from "../api/session";
import { type Draft, draftOf, dropDraft, hasDraft, keepDraft } from "./drafts";
import type { Resource } from "./registry";

/** What the draft of a field is kept under, which is changed where it stands on the record's page. */
export const draftName = (resource: Resource, row: Row, field: string) => `edit.${resource.name}.${row.id}.${field}`;

/** A draft of whoever is signed in: who comes next does not find it, and an answer that comes after they signed out keeps nothing. */
export function useDraft(about: string) {
  const name = `${useMe().data?.id}.${about}`;
  const [left] = useState(lastSignOut);
  return {
    read: () => draftOf(name),
    isThere: () => hasDraft(name),
    keep: (draft: Draft) => {
      if (lastSignOut() === left) keepDraft(name, draft);
    },
    drop: () => dropDraft(name),
  };
}

/** Returns what lays some fields of a record where they are changed in place: they stand on its page, and are not saved yet. */
export function useStanding(resource: Resource) {
  const me = useMe().data?.id;
  const taken = resource.get && resource.update ? bodyOf(resource.update) : {};
  return (began: Row, fields: Record<string, unknown>) => {
    for (const [field, mine] of Object.entries(fields))
      if (field in taken) keepDraft(`${me}.${draftName(resource, began, field)}`, { values: { began, mine }, key: "" });
  };
}
