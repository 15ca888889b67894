import { useMutation } from "@tanstack/react-query";
import { App } from "antd";
import { useState } from "react";
import type { Call, Row } from "../api/call";
import type { OperationName } from "../api/meta";
import { onceAtATime, usePerform } from "./deeds";
import { recordIn, useRefresh } from "./queries";
import { useRefusal } from "./refusals";
import type { Resource } from "./registry";

/** What a button asks for, and what is said when it is done. */
type Deed = { operation: OperationName; done?: string } & Call;

/**
 * One thing that a button of a page does: told when it is done, or why it was refused. No answer of it is kept, but a
 * record of `resource`, where the deed is one to its records.
 */
export function useDeed(onDone?: (answer: Row, deed: Deed) => void, resource?: Resource) {
  const { message } = App.useApp();
  const refusal = useRefusal();
  const refresh = useRefresh();
  const perform = usePerform();
  const deed = useMutation({
    // A secret is shown by whoever asked for it, and lies nowhere after that.
    gcTime: 0,
    mutationFn: ({ done: _, operation, ...asked }: Deed) => perform(operation, asked),
    onSuccess: (answer, wanted) => {
      if (wanted.done) message.success(wanted.done);
      onDone?.(answer, wanted);
      void refresh(resource, recordIn(answer, wanted.path));
    },
    onError: (error) => {
      message.error(refusal(error));
      void refresh();
    },
    onSettled: (): void => deed.reset(),
  });
  const [once] = useState(() => onceAtATime((wanted: Deed) => deed.mutateAsync(wanted)));
  /** Returns the answer; nothing where it was refused, which is told by then. */
  const ask = (wanted: Deed) => once(wanted).catch(() => undefined);
  return { ask, mutate: (wanted: Deed) => void ask(wanted), isPending: deed.isPending, variables: deed.variables };
}
