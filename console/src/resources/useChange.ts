import { useMutation } from "@tanstack/react-query";
import type { FormInstance } from "antd";
import { useState } from "react";
import { allSchemas, bodyOf } from "../api/bodies";
import { call, type Row } from "../api/call";
import type { Field } from "../api/meta";
import { Problem } from "../api/problem";
import { isSame } from "./deeds";
import { filledIn } from "./OperationForm";
import { useRefresh } from "./queries";
import { faultsIn, useRefusal } from "./refusals";
import type { Resource } from "./registry";

/** Of the parts of a record only what a body takes: their ids and sums are the server's. */
function asAsked(value: unknown, field: Field): unknown {
  const taken = allSchemas[field.items?.schema ?? ""];
  if (!taken || !Array.isArray(value)) return value;
  return value.map((part) => filledIn(Object.fromEntries(Object.entries(part).filter(([key]) => key in taken))));
}

/** What a body says of a field: nothing where it was left empty. */
export function saidOf(value: unknown, field: Field) {
  const blank = value === undefined || (typeof value === "string" && value.trim() === "");
  return blank ? (field.nullable ? null : "") : asAsked(value, field);
}

const plain = (value: unknown, field: Field) => {
  const said = filledIn(saidOf(value ?? undefined, field));
  // 120 and 120.00 are one amount.
  return field.pattern && typeof said === "string" && said.includes(".") ? said.replace(/\.?0+$/, "") : said;
};

/** Whether a field has already the value that is to be saved: by an earlier try that nobody answered, or by somebody else. */
export const isThere = (theirs: unknown, mine: unknown, field: Field) =>
  isSame(plain(theirs, field), plain(mine, field));

type Change = { body: Record<string, unknown>; version?: number };

/** The saving of one field on top of the version that was shown when one began; `theirs` is what somebody else made of it. */
export function useChange(resource: Resource, row: Row, name: string, form: FormInstance, onClose: () => void) {
  const refresh = useRefresh();
  const refusal = useRefusal();
  const field = bodyOf(resource.update!)[name]!;
  // What is read anew meanwhile must not be overwritten by somebody who has not seen it.
  const [began] = useState(row);
  const [theirs, setTheirs] = useState<Row>();
  const [refused, setRefused] = useState<string>();
  const finish = (saved: Row) => {
    void refresh(resource, saved);
    onClose();
  };
  const look = useMutation({
    mutationFn: (_mine: unknown) => call(resource.get!, { path: row.id }),
    onSuccess: (found, mine) => (isThere(found[name], mine, field) ? finish(found) : setTheirs(found)),
    onError: (error) => setRefused(refusal(error)),
  });
  const save = useMutation({
    mutationFn: (change: Change) => call(resource.update!, { path: row.id, ...change }),
    onSuccess: finish,
    onError: (error, { body }) => {
      if (!(error instanceof Problem)) return setRefused(refusal(error));
      if (error.status === 412) return look.mutate(body[name]);
      const faults = faultsIn(error, [name]);
      form.setFields(faults.fields);
      if (!faults.fields.length) setRefused(refusal(error));
    },
  });
  const mine = () => ({ [name]: saidOf(form.getFieldValue(name), field) });
  return {
    began,
    theirs,
    refused,
    mine,
    isPending: save.isPending || look.isPending,
    save: (version = began.version) => {
      setRefused(undefined);
      if (!save.isPending) save.mutate({ body: mine(), version });
    },
    /** Leaves theirs as it is, and what one has typed where it stands. */
    look: () => setTheirs(undefined),
    take: () => finish(theirs!),
  };
}
