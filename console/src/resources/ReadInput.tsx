import { Input, type InputProps } from "antd";
import { useWritten } from "./useWritten";

type Value = string | number;
type Props = Omit<InputProps, "value" | "onChange"> & {
  /** What a text means; nothing where it means nothing, and then it stays as it was typed. */
  read: (text: string) => Value | undefined;
  value?: Value | null;
  onChange?: (value: Value | undefined) => void;
};

/** A text that means something else than itself, such as an amount: those stay the decimal strings that the API has. */
export function ReadInput({ read, value, onChange, onBlur, ...given }: Props) {
  const { text, write, leave } = useWritten<Value>({ value, onChange, read });
  return (
    <Input
      {...given}
      value={text ?? String(value ?? "")}
      onChange={(event) => write(event.target.value)}
      onBlur={(event) => {
        leave();
        onBlur?.(event);
      }}
    />
  );
}
