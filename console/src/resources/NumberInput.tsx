import { Input, type InputProps } from "antd";
import { readNumber, readWhole } from "./reading";
import { useWritten } from "./useWritten";

type Value = string | number;
type Props = Omit<InputProps, "value" | "onChange"> & {
  whole?: boolean;
  value?: Value | null;
  onChange?: (value: Value | undefined) => void;
};

/** An amount or a number. Amounts stay the decimal strings that the API has, and what is no number stays as it was typed. */
export function NumberInput({ whole, value, onChange, onBlur, ...given }: Props) {
  const { text, write, leave } = useWritten<Value>({ value, onChange, read: whole ? readWhole : readNumber });
  return (
    <Input
      {...given}
      inputMode={whole ? "numeric" : "decimal"}
      value={text ?? String(value ?? "")}
      onChange={(event) => write(event.target.value)}
      onBlur={(event) => {
        leave();
        onBlur?.(event);
      }}
    />
  );
}
