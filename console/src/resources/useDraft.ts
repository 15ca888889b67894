import { useState } from "react";
import { bodyOf } from "../api/bodies";
import type { Row } from "../api/call";
import { useMe } from "../api/permissions";
import { lastSignOut } from "../api/session";
import { type Draft, draftOf, dropDraft, hasDraft, hasDraftOf, keepDraft } from "./drafts";
import type { Resource } from "./registry";

/** What the draft of a field is kept under, which is changed where it stands on the record's page. */
export const draftName = (resource: Resource, row: Row, field: string) => `edit.${resource.name}.${row.id}.${field}`;

/**
 * Returns what keeps drafts of whoever is signed in: who comes next does not find them, and an answer that comes after
 * they signed out keeps nothing.
 */
export function useDrafts() {
  const me = useMe().data?.id;
  const [left] = useState(lastSignOut);
  const of = (about: string) => {
    const name = `${me}.${about}`;
    return {
      read: () => draftOf(name),
      isThere: () => hasDraft(name),
      keep: (draft: Draft) => {
        if (lastSignOut() === left) keepDraft(name, draft);
      },
      drop: () => dropDraft(name),
    };
  };
  return { of, isAny: (beginning: string) => hasDraftOf(`${me}.${beginning}`) };
}

export const useDraft = (about: string) => useDrafts().of(about);

/** Returns what lays some fields of a record where they are changed in place: they stand on its page, and are not saved yet. */
export function useStanding(resource: Resource) {
  const drafts = useDrafts();
  const taken = resource.get && resource.update ? bodyOf(resource.update) : {};
  return (began: Row, fields: Record<string, unknown>) => {
    for (const [field, mine] of Object.entries(fields))
      if (field in taken) drafts.of(draftName(resource, began, field)).keep({ values: { began, mine }, key: "" });
  };
}
