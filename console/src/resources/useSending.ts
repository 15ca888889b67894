import { useMutation } from "@tanstack/react-query";
import type { FormInstance } from "antd";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Call, call, type Row } from "../api/call";
import { type OperationName, operations } from "../api/meta";
import { useMe } from "../api/permissions";
import { mayPass, Problem } from "../api/problem";
import { draftOf, dropDraft, keepDraft, keyAfter } from "./drafts";
import { useRefresh } from "./queries";
import { faultsIn } from "./refusals";

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

/** Keeps what is typed until the server has said yes to it; each deed is done once, however often it is sent. */
export function useSending({ operation, about, form, asked, path, version, onDone, onRefused }: Sending) {
  const { t } = useTranslation();
  const refresh = useRefresh();
  // Who signs in next in this tab is not to find what somebody else has typed.
  const name = `${useMe().data?.id}.${about}`;
  const draft = useRef(draftOf(name));
  const [above, setAbove] = useState<string[]>([]);
  const keep = (kept = draft.current) => {
    draft.current = { ...kept, values: form.getFieldsValue(true) };
    keepDraft(name, draft.current);
  };
  const deed = useMutation({
    // A secret in the answer is shown by whoever asked for it, and a password in the question lies nowhere after it.
    gcTime: 0,
    mutationFn: (body: object) => {
      const key = operations[operation].method === "post" ? draft.current.key : undefined;
      return call(operation, { path, body, version, key });
    },
    onSuccess: (answer) => {
      dropDraft(name);
      onDone(answer);
    },
    onError: (error) => {
      keep(keyAfter(draft.current, !mayPass(error)));
      const problem = error instanceof Problem ? error : new Problem(0, {});
      const faults = faultsIn(problem, asked);
      form.setFields(faults.fields);
      onRefused(faults.fields.map((each) => String(each.name[0])));
      const silent = problem.status === 0 ? t("form.unreachable") : problem.message;
      const stale = problem.status === 412;
      // The next try is for the record as it is then, which its page shows by that time.
      if (stale) void refresh();
      setAbove(faults.fields.length && !faults.rest.length ? [] : [stale ? t("record.stale") : silent, ...faults.rest]);
      if (faults.fields[0]) form.scrollToField(faults.fields[0].name, { block: "center" });
    },
  });
  const send = (body: object) => {
    setAbove([]);
    if (!deed.isPending) deed.mutate(body);
  };
  return { draft: draft.current.values, keep, send, above, isPending: deed.isPending };
}
