import { useState } from "react";

type Written<Value> = {
  value?: Value | string | null;
  onChange?: (value: Value | string | undefined) => void;
  read: (text: string) => Value | undefined;
};

/**
 * What stands in an input whose text means something else than itself, such as a number. It stays as it is typed until one
 * leaves it. What cannot be read of it is handed on as it is, for a rule to refuse: it is never dropped.
 */
export function useWritten<Value>({ value, onChange, read }: Written<Value>) {
  const [typed, setTyped] = useState<string>();
  const meant = (text: string) => (text.trim() === "" ? undefined : (read(text) ?? text));
  // What has come from outside meanwhile takes its place.
  const isOwn = typed !== undefined && meant(typed) === (value ?? undefined);
  return {
    text: isOwn ? typed : undefined,
    write: (text: string) => {
      setTyped(text);
      onChange?.(meant(text));
    },
    leave: () => setTyped(undefined),
  };
}
