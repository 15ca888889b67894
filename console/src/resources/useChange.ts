import { type QueryClient, useMutation, useQueryClient } from "@tanstack/react-query";
import { App, type FormInstance } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { allSchemas, bodyOf } from "../api/bodies";
import { call, type Row } from "../api/call";
import type { Field } from "../api/meta";
import { mayPass, Problem } from "../api/problem";
import { isSame } from "./deeds";
import { filledIn } from "./filledIn";
import { useRefresh } from "./queries";
import { faultsIn, useRefusal } from "./refusals";
import type { Resource } from "./registry";
import { draftName, useDraft } from "./useDraft";
import { useShown } from "./useShown";
import { useWords } from "./words";

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
/** What somebody makes of a field: of which record as it was, and what a try that nobody answered has said. */
type Work = { began: Row; mine?: unknown; tried?: unknown };

/** What one's own saves in this session have made of each version of a record: none of it is somebody else's doing. */
const own = new WeakMap<QueryClient, Map<string, Row>>();
const stateOf = ({ id, version }: Pick<Row, "id" | "version">) => `${id} ${version}`;

function useOwnSaves() {
  const queries = useQueryClient();
  const saves = own.get(queries) ?? own.set(queries, new Map()).get(queries)!;
  /** A record as one's own saves have left it, as far as nobody else's came between them. */
  const last = (began: Row): Row => {
    const next = saves.get(stateOf(began));
    return next ? last(next) : began;
  };
  /** What was saved as it was has made no other version. */
  const note = (before: Pick<Row, "id" | "version">, saved: Row) => {
    if (saved.version !== before.version) saves.set(stateOf(before), saved);
  };
  return { last, note };
}

/** What is typed into one field, on top of the record that was shown when one began: kept in the tab until it is saved. */
function useWork(resource: Resource, row: Row, name: string) {
  const stored = useDraft(draftName(resource, row, name));
  const [kept] = useState(() => (stored.isThere() ? (stored.read().values as unknown as Work) : undefined));
  // What is read anew meanwhile must not be overwritten by somebody who has not seen it.
  const [work, setWork] = useState<Work>(kept ?? { began: row, mine: row[name] });
  const keep = (next: Partial<Work>) => {
    const all = { ...work, ...next };
    setWork(all);
    stored.keep({ values: all, key: "" });
  };
  /** Whether a record is the next version, with what one's own unanswered try has said: nobody else has been there. */
  const isTried = (found: Row, field: Field) =>
    work.tried !== undefined && isThere(found[name], work.tried, field) && found.version === work.began.version! + 1;
  return { ...work, isKept: kept !== undefined, isTried, keep, drop: stored.drop };
}

/** Why a field was not saved: beside its input, or else below it. */
function useRefused(form: FormInstance, name: string) {
  const refusal = useRefusal();
  const [refused, setRefused] = useState<string>();
  const refuse = (error: unknown) => {
    const faults = error instanceof Problem ? faultsIn(error, [name]).fields : [];
    form.setFields(faults);
    if (!faults.length) setRefused(refusal(error));
  };
  return { refused, refuse, clear: () => setRefused(undefined) };
}

/** The saving of one field on top of the version that was shown when one began; `theirs` is what somebody else made of it. */
export function useChange(resource: Resource, row: Row, name: string, form: FormInstance, onClose: () => void) {
  const refresh = useRefresh();
  const isShown = useShown();
  const tellLate = useSavedLate();
  const { refused, refuse, clear } = useRefused(form, name);
  const saves = useOwnSaves();
  const work = useWork(resource, row, name);
  const field = bodyOf(resource.update!)[name]!;
  const [theirs, setTheirs] = useState<Row>();
  const [isOn, setOn] = useState(false);
  const mine = () => ({ [name]: saidOf(form.getFieldValue(name), field) });
  const close = () => {
    work.drop();
    onClose();
  };
  /** Saved is what was sent: what has been typed since stays in its place, on top of that. */
  const finish = (saved: Row, sent: unknown) => {
    void refresh(resource, saved);
    const isAll = isThere(sent, mine()[name], field);
    if (!isShown()) {
      tellLate(name, field);
      return isAll && work.drop();
    }
    setTheirs(undefined);
    setOn(!isAll);
    if (isAll) close();
    else work.keep({ began: saved, tried: undefined, mine: form.getFieldValue(name) });
  };
  const look = useMutation({
    mutationFn: (_sent: unknown) => call(resource.get!, { path: row.id }),
    onSuccess: (found, sent) => {
      if (isThere(found[name], sent, field)) return finish(found, sent);
      if (!work.isTried(found, field)) return setTheirs(found);
      work.keep({ began: found, tried: undefined });
      save.mutate({ body: { [name]: sent }, version: found.version });
    },
    onError: refuse,
  });
  const save = useMutation({
    mutationFn: (change: Change) => call(resource.update!, { path: row.id, ...change }),
    onSuccess: (saved, { body, version }) => {
      saves.note({ id: row.id, version }, saved);
      finish(saved, body[name]);
    },
    onError: (error, { body }) => {
      if (!isShown()) return;
      if (error instanceof Problem && error.status === 412) return look.mutate(body[name]);
      if (mayPass(error)) work.keep({ tried: body[name] });
      refuse(error);
    },
  });
  return {
    began: saves.last(work.began),
    kept: work.mine,
    isKept: work.isKept,
    /** Whether something was saved, and something else has been typed since. */
    isOn,
    theirs,
    refused,
    mine,
    isPending: save.isPending || look.isPending,
    keep: () => work.keep({ mine: form.getFieldValue(name) }),
    save: (version = saves.last(work.began).version) => {
      clear();
      setOn(false);
      if (!save.isPending) save.mutate({ body: mine(), version });
    },
    close,
    /** Leaves theirs as it is, and what one has typed where it stands. */
    dismiss: () => setTheirs(undefined),
    take: () => {
      void refresh(resource, theirs!);
      close();
    },
  };
}

/** Returns what says that a field was saved which one has left by then. */
function useSavedLate() {
  const { t } = useTranslation();
  const words = useWords();
  const { message } = App.useApp();
  return (name: string, field: Field) => void message.success(t("form.savedOf", { name: words.label(name, field) }));
}
