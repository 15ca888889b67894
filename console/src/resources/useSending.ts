import { useMutation } from "@tanstack/react-query";
import type { FormInstance } from "antd";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Call, call, type Row } from "../api/call";
import { type OperationName, operations } from "../api/meta";
import { useMe } from "../api/permissions";
import { Problem } from "../api/problem";
import { wasDone } from "./deeds";
import { draftOf, dropDraft, keepDraft } from "./drafts";
import { useRefresh } from "./queries";
import { faultsIn, useRefusal } from "./refusals";

type Sending = Pick<Call, "path" | "version"> & {
  operation: OperationName;
  /** What the draft is kept under. */
  about: string;
  form: FormInstance;
  /** The fields that the form asks for: what is refused of another one stands above the form. */
  asked: string[];
  onDone: (answer: Row) => void;
  /** What the server refused, by the names of the fields. */
  onRefused: (fields: string[]) => void;
};

/**
 * Keeps what is typed until the server has said yes to it; each deed is done once, however often it is sent: its key is
 * the draft's. Nothing was done under it where the server refused, so that it is good for the next try too.
 */
export function useSending({ operation, about, form, asked, path, version, onDone, onRefused }: Sending) {
  const { t } = useTranslation();
  const refresh = useRefresh();
  const refusal = useRefusal();
  // Who signs in next in this tab is not to find what somebody else has typed.
  const name = `${useMe().data?.id}.${about}`;
  const draft = useRef(draftOf(name));
  const [kept] = useState(draft.current.values);
  const isDone = useRef(false);
  const [above, setAbove] = useState<string[]>([]);
  const keep = () => {
    if (isDone.current) return;
    draft.current = { ...draft.current, values: form.getFieldsValue(true) };
    keepDraft(name, draft.current);
  };
  const finish = () => {
    isDone.current = true;
    dropDraft(name);
  };
  const deed = useMutation({
    // A secret in the answer is shown by whoever asked for it, and a password in the question lies nowhere after it.
    gcTime: 0,
    mutationFn: (body: object) => {
      const key = operations[operation].method === "post" ? draft.current.key : undefined;
      return call(operation, { path, body, version, key });
    },
    onSuccess: (answer) => {
      finish();
      onDone(answer);
    },
    onError: (error) => {
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
    if (!deed.isPending) deed.mutate(body);
  };
  /** Forgets what was typed: the form is a new one from there on, and what it does is another deed. */
  const forget = () => dropDraft(name);
  return { draft: draft.current.values, kept, keep, forget, send, above, isPending: deed.isPending };
}
