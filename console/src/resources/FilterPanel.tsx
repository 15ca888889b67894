import { DatePicker, Drawer, Input, Select } from "antd";
import dayjs from "dayjs";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { useAddress } from "./address";
import { beginningOf, dayOf, endOf, useDay } from "./days";
import { type Filter, filtersOf, fromKey, keyOf, toKey } from "./filters";
import { ReferenceSelect } from "./ReferenceSelect";
import { type Resource, referred, referredBy } from "./registry";
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
  const { values, set } = useAddress();
  const key = keyOf(filter);
  const chosen = values[key]?.split(",") ?? [];
  const choose = (wanted: string[]) => set({ [key]: wanted.join(",") || undefined, preview: undefined });
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
  if (filter.way === "flag")
    return (
      <Select
        id={id}
        allowClear
        value={chosen[0]}
        options={["true", "false"].map((value) => ({ value, label: t(value === "true" ? "yes" : "no") }))}
        onChange={(value) => choose(value ? [value] : [])}
      />
    );
  return (
    <Select
      id={id}
      mode="multiple"
      allowClear
      value={chosen}
      onChange={choose}
      options={filter.field.enum!.map((value) => ({ value, label: words.value(value, filter.field) }))}
    />
  );
}

/** From and to: days, or numbers as they are typed. */
function Span({ filter, label }: { filter: Filter; label: string }) {
  const { values, set } = useAddress();
  const { zone } = useDay();
  const ends = [
    { at: fromKey(filter), name: `${label} ≥`, end: beginningOf },
    { at: toKey(filter), name: `${label} ≤`, end: endOf },
  ];
  const isMoment = filter.kind === "moment";
  const isTime = filter.kind === "day" || isMoment;
  return (
    <fieldset>
      <legend>{label}</legend>
      <div className="span">
        {ends.map(({ at, name, end }) =>
          isTime ? (
            <DatePicker
              key={at}
              aria-label={name}
              placeholder={name}
              value={values[at] ? dayjs(isMoment ? dayOf(values[at], zone) : values[at]) : null}
              onChange={(chosen) => {
                const day = chosen?.format("YYYY-MM-DD");
                // A day of the house lasts from its first moment to its last one.
                set({ [at]: day && isMoment ? end(day, zone) : day, preview: undefined });
              }}
            />
          ) : (
            <Typed key={at} at={at} label={name} number />
          ),
        )}
      </div>
    </fieldset>
  );
}

function Typed({ id, at, label, number }: { id?: string; at: string; label?: string; number?: boolean }) {
  const { values, set } = useAddress();
  const said = (typed: string) => (number ? typed.normalize("NFKC").replaceAll(/[,\s]/g, "") : typed.trim());
  const hand = (typed: string) => set({ [at]: typed || undefined, preview: undefined });
  const [text, setText] = useTyped(values[at] ?? "", hand, said);
  return (
    <Input
      id={id}
      aria-label={label}
      placeholder={label}
      inputMode={number ? "decimal" : undefined}
      value={text}
      onChange={(event) => setText(event.target.value)}
    />
  );
}
