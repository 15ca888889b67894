import { Drawer, Input, Select } from "antd";
import { type ReactNode, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useAddress } from "./address";
import { useClear } from "./Clear";
import { DateInput } from "./DateInput";
import { beginningOf, dayOf, endOf, useDay } from "./days";
import { type Filter, filtersOf, fromKey, isOfDays, keyOf, spanWords, toKey } from "./filters";
import { ReferenceSelect } from "./ReferenceSelect";
import { isDay, readNumber } from "./reading";
import { type Resource, referred, referredBy } from "./registry";
import { type Fault, faultOf } from "./rules";
import { isTooLong, LONGEST } from "./searching";
import { TermSelect } from "./terms";
import { useTyped } from "./useTyped";
import { useWide } from "./useWide";
import { useWords } from "./words";

/** Everything a list can be narrowed by; what is chosen holds at once. */
export default function FilterPanel({ resource, onClose }: { resource: Resource; onClose: () => void }) {
  const { t } = useTranslation();
  const wide = useWide();
  return (
    <Drawer
      open
      onClose={onClose}
      title={t("list.filter")}
      placement={wide ? "right" : "bottom"}
      size={wide ? 360 : "large"}
    >
      <div className="filters">
        {filtersOf(resource).map((filter) => (
          <FilterField key={filter.name} filter={filter} />
        ))}
      </div>
    </Drawer>
  );
}

function FilterField({ filter }: { filter: Filter }) {
  const words = useWords();
  const id = useId();
  const label = words.label(filter.name, filter.field);
  if (filter.way === "span") return <Span filter={filter} label={label} />;
  return (
    <div>
      <label htmlFor={id}>{label}</label>
      {filter.way === "some" || filter.way === "flag" ? (
        <Choice id={id} filter={filter} />
      ) : (
        <Typed id={id} at={keyOf(filter)} />
      )}
    </div>
  );
}

/** Values of a closed set, records, or a yes or no. */
function Choice({ id, filter }: { id: string; filter: Filter }) {
  const { t } = useTranslation();
  const words = useWords();
  const clear = useClear();
  const { values, narrow } = useAddress();
  const key = keyOf(filter);
  const chosen = values[key]?.split(",") ?? [];
  const choose = (wanted: string[]) => narrow({ [key]: wanted.join(",") || undefined });
  const resource = referred(filter.field);
  if (resource)
    return (
      <ReferenceSelect
        id={id}
        multiple
        resource={resource}
        by={referredBy(filter.field)}
        value={chosen}
        onChange={choose}
      />
    );
  const { dictionary } = filter.field;
  const of = filter.kind === "choices" ? filter.field.items! : filter.field;
  if (dictionary) return <TermSelect id={id} many dictionary={dictionary} value={chosen} onChange={choose} />;
  if (filter.way === "flag")
    return (
      <Select
        id={id}
        allowClear={clear}
        value={chosen[0]}
        options={["true", "false"].map((value) => ({ value, label: t(value === "true" ? "yes" : "no") }))}
        onChange={(value) => choose(value ? [value] : [])}
      />
    );
  return (
    <Select
      id={id}
      mode="multiple"
      allowClear={clear}
      value={chosen}
      onChange={choose}
      options={of.enum!.map((value) => ({ value, label: words.value(value, of) }))}
    />
  );
}

/** From and to: days, or numbers as they are typed. */
function Span({ filter, label }: { filter: Filter; label: string }) {
  const { t } = useTranslation();
  const [from, to] = spanWords(filter);
  const ends = [
    { at: fromKey(filter), hint: t(from), end: beginningOf },
    { at: toKey(filter), hint: t(to), end: endOf },
  ];
  return (
    <fieldset>
      <legend>{label}</legend>
      <div className="span">
        {ends.map((each) =>
          isOfDays(filter) ? (
            <TypedDay key={each.at} {...each} label={label} isMoment={filter.kind === "moment"} />
          ) : (
            <Typed key={each.at} at={each.at} hint={each.hint} label={label} number />
          ),
        )}
      </div>
    </fieldset>
  );
}

type DayProps = { at: string; label: string; hint: string; isMoment: boolean; end: typeof endOf };

/** One end of a span of days. What is no day narrows nothing, stays where it is and is said. */
function TypedDay({ at, label, hint, isMoment, end }: DayProps) {
  const { values, narrow } = useAddress();
  const { zone } = useDay();
  const [unread, setUnread] = useState<string>();
  const [fault, more] = faultOf("day", {}, unread) ?? [];
  const known = values[at] && isMoment ? dayOf(values[at], zone) : values[at];
  const choose = (day?: string) => {
    const isRead = day === undefined || isDay(day);
    setUnread(isRead ? undefined : day);
    // A day of the house lasts from its first moment to its last one.
    if (isRead) narrow({ [at]: day && isMoment ? end(day, zone) : day });
  };
  return (
    <WithFault fault={fault ? [`form.${fault}`, more] : undefined} label={label}>
      <DateInput aria-label={`${label} ${hint}`} placeholder={hint} value={unread ?? known} onChange={choose} />
    </WithFault>
  );
}

type TypedProps = { id?: string; at: string; label?: string; hint?: string; number?: boolean };

function Typed({ id, at, label, hint, number }: TypedProps) {
  const { values, narrow } = useAddress();
  const known = values[at] ?? "";
  const hand = (typed: string) => narrow({ [at]: typed || undefined });
  const read = (typed: string) => (number && typed.trim() !== "" ? readNumber(typed) : typed.trim());
  const faultIn = (typed: string): Fault | undefined => {
    if (isTooLong(typed)) return ["list.tooLong", { count: LONGEST }];
    return read(typed) === undefined ? ["form.amount"] : undefined;
  };
  const [text, setText] = useTyped(known, hand, (typed) => (faultIn(typed) ? known : read(typed)!));
  return (
    <WithFault fault={faultIn(text)} label={label ?? ""}>
      <Input
        id={id}
        aria-label={hint && `${label} ${hint}`}
        placeholder={hint}
        inputMode={number ? "decimal" : undefined}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
    </WithFault>
  );
}

/** `fault`: the key of the sentence, and what it says further. */
type WithFaultProps = { fault?: Fault; label: string; children: ReactNode };

/** An input with what is wrong with its text below it. */
function WithFault({ fault, label, children }: WithFaultProps) {
  const { t } = useTranslation();
  const [key, more] = fault ?? [];
  return (
    <div>
      {children}
      <p className="fault" role="status">
        {key && t(key, { label, ...more })}
      </p>
    </div>
  );
}
