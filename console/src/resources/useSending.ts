import { useMutation } from "@tanstack/react-query";
import { App, type FormInstance } from "antd";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Call, call, type Row } from "../api/call";
import { type OperationName, operations } from "../api/meta";
import { Problem } from "../api/problem";
import { isSame, wasDone } from "./deeds";
import type { Draft } from "./drafts";
import { filledIn } from "./filledIn";
import { useRefresh } from "./queries";
import { faultsIn, useRefusal } from "./refusals";
import { useDraft } from "./useDraft";
import { useShown } from "./useShown";

/**
 * What follows when it is done. The answer may come when the form is not shown any more: then nothing leads anywhere, and
 * it is only told. `since` is what says something else in the form by then than what was sent.
 */
export type Done = (answer: Row, isShown: boolean, since: Record<string, unknown>) => void;

type Sending = Pick<Call, "path" | "version"> & {
  operation: OperationName;
  /** What the draft is kept under. */
  about: string;
  form: FormInstance;
  /** The fields that the form asks for: what is refused of another one stands above the form. */
  asked: string[];
  /** Whether another form of the same kind follows, in which one goes on with what one has typed since this one was sent. */
  goesOn?: boolean;
  onDone: Done;
  /** What the server refused, by the names of the fields. */
  onRefused: (fields: string[]) => void;
};

type Values = Record<string, unknown>;

/** What says something else by now than what was sent. */
const changedSince = (sent: Values, now: Values): Values =>
  Object.fromEntries(Object.entries(now).filter(([name, value]) => !isSame(value, sent[name])));

/** What was typed after a form was sent: of a text that only goes on what was added. */
function typedSince(sent: Values, now: Values) {
  const since = Object.entries(changedSince(sent, now)).map(([name, value]) => {
    const before = sent[name];
    const goesOn = typeof value === "string" && typeof before === "string" && value.startsWith(before);
    return [name, goesOn ? value.slice(before.length) : value] as const;
  });
  return filledIn(Object.fromEntries(since)) as Values;
}

/**
 * Keeps what is typed until the server has said yes to it; each deed is done once, however often it is sent: its key is
 * the draft's. Nothing was done under it where the server refused, so that it is good for the next try too.
 */
export function useSending({ operation, about, form, asked, path, version, goesOn, onDone, onRefused }: Sending) {
  const { t } = useTranslation();
  const refresh = useRefresh();
  const refusal = useRefusal();
  const { message } = App.useApp();
  const isShown = useShown();
  const stored = useDraft(about);
  const draft = useRef(stored.read());
  const [kept] = useState(draft.current.values);
  const isDone = useRef(false);
  const underWay = useRef<Draft>(undefined);
  const [above, setAbove] = useState<string[]>([]);
  const keep = () => {
    if (isDone.current) return;
    draft.current = { ...draft.current, values: form.getFieldsValue(true) };
    stored.keep(draft.current);
  };
  /** What was sent is no draft any more; what was typed since is that of the next form, where there is one. */
  const finish = () => {
    isDone.current = true;
    const since = goesOn && underWay.current ? typedSince(underWay.current.values, form.getFieldsValue(true)) : {};
    if (Object.keys(since).length > 0) stored.keep({ values: since, key: crypto.randomUUID() });
    else stored.drop();
    underWay.current = undefined;
  };
  /** Whoever closes it before it is answered begins another one; what was sent comes back where it was not done. */
  useEffect(() => () => (underWay.current ? finish() : undefined), []);
  const comeBack = (error: unknown) => {
    if (!stored.isThere()) stored.keep(draft.current);
    message.error(refusal(error));
  };
  const deed = useMutation({
    // A secret in the answer is shown by whoever asked for it, and a password in the question lies nowhere after it.
    gcTime: 0,
    mutationFn: (body: object) => {
      const key = operations[operation].method === "post" ? draft.current.key : undefined;
      return call(operation, { path, body, version, key });
    },
    onSuccess: (answer) => {
      const since = underWay.current ? changedSince(underWay.current.values, form.getFieldsValue(true)) : {};
      if (isShown()) finish();
      onDone(answer, isShown(), since);
    },
    onError: (error) => {
      if (!isShown()) return comeBack(error);
      underWay.current = undefined;
      keep();
      const problem = error instanceof Problem ? error : new Problem(0, {});
      // The next try is for the record as it is then, which its page shows by that time.
      if (problem.status === 412 || wasDone(error)) void refresh();
      if (wasDone(error)) {
        finish();
        return setAbove([refusal(error), t("form.doneBeforeHint")]);
      }
      const faults = faultsIn(problem, asked);
      form.setFields(faults.fields);
      onRefused(faults.fields.map((each) => String(each.name[0])));
      setAbove(faults.fields.length && !faults.rest.length ? [] : [refusal(error), ...faults.rest]);
      if (faults.fields[0]) form.scrollToField(faults.fields[0].name, { block: "center" });
    },
  });
  const send = (body: object) => {
    setAbove([]);
    if (deed.isPending) return;
    keep();
    underWay.current = draft.current;
    deed.mutate(body);
  };
  /** Forgets what was typed: the form is a new one from there on, and what it does is another deed. */
  const forget = () => stored.drop();
  return { kept, keep, forget, send, above, isPending: deed.isPending };
}
