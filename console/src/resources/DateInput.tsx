import { DatePicker, type DatePickerProps } from "antd";
import dayjs from "dayjs";
import { type ComponentProps, createContext, use, useState } from "react";
import { inHouse, momentOf } from "./days";
import { isDay, isMoment, readDay, readMoment } from "./reading";
import { useWritten } from "./useWritten";

type Writing = { text?: string; write: (text: string) => void; leave: () => void };
const Written = createContext<Writing>({ write: () => undefined, leave: () => undefined });

/** The calendar's own input forgets what it cannot read, and reads one way of writing only. */
function WrittenInput({ value, onChange: _theirs, onKeyDown, onBlur, ...given }: ComponentProps<"input">) {
  const { text, write, leave } = use(Written);
  return (
    <input
      {...given}
      value={text ?? value}
      onChange={(event) => write(event.target.value)}
      onKeyDown={(event) => {
        // Whoever has typed a day does not open the calendar by Enter.
        if (event.key !== "Enter" || text === undefined) onKeyDown?.(event);
      }}
      onBlur={(event) => {
        leave();
        onBlur?.(event);
      }}
    />
  );
}

const COMPONENTS = { input: WrittenInput };
const TIME = { showTime: { format: "HH:mm" }, format: "YYYY-MM-DD HH:mm", needConfirm: false };

type Props = Pick<DatePickerProps, "id" | "autoFocus" | "placeholder" | "allowClear"> & {
  "aria-label"?: string;
  /** Whether a moment is meant, by the clock of the house, and not a day. */
  withTime?: boolean;
  value?: string | null;
  onChange?: (value: string | undefined) => void;
};

/** A day or a moment as the API has it, typed or chosen; what is neither stays as it was typed. */
export function DateInput({ withTime, value, onChange, ...given }: Props) {
  const [open, setOpen] = useState(false);
  const { text, write, leave } = useWritten({ value, onChange, read: withTime ? readMoment : readDay });
  const isRead = withTime ? isMoment(value) : isDay(value);
  const writing = {
    text: text ?? (isRead ? undefined : (value ?? undefined)),
    write: (typed: string) => {
      setOpen(false);
      write(typed);
    },
    leave,
  };
  return (
    <Written value={writing}>
      <DatePicker
        {...given}
        {...(withTime && TIME)}
        className="wide"
        components={COMPONENTS}
        open={open}
        onOpenChange={setOpen}
        value={isRead ? (withTime ? inHouse(value!) : dayjs(value)) : null}
        onChange={(chosen) => {
          leave();
          onChange?.(chosen ? (withTime ? momentOf(chosen) : chosen.format("YYYY-MM-DD")) : undefined);
        }}
      />
    </Written>
  );
}
