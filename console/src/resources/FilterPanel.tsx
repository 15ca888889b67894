import { DatePicker, Drawer, Grid, Select } from "antd";
import dayjs from "dayjs";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { useAddress } from "./address";
import { type Filter, filtersOf, fromKey, keyOf, toKey } from "./filters";
import { ReferenceSelect } from "./ReferenceSelect";
import { type Resource, referred, referredBy } from "./registry";
import { useWords } from "./words";

/** Everything a list can be narrowed by; what is chosen holds at once. */
export default function FilterPanel({ resource, onClose }: { resource: Resource; onClose: () => void }) {
  const { t } = useTranslation();
  const wide = Grid.useBreakpoint().md ?? true;
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
  const { t } = useTranslation();
  const words = useWords();
  const { values, set } = useAddress();
  const id = useId();
  const key = keyOf(filter);
  const label = words.label(filter.name, filter.field);
  const chosen = values[key]?.split(",") ?? [];
  const choose = (wanted: string[]) => set({ [key]: wanted.join(",") || undefined, preview: undefined });
  const flag = ["true", "false"].map((value) => ({ value, label: t(value === "true" ? "yes" : "no") }));
  const day = (at: string, name: string) => (
    <DatePicker
      aria-label={name}
      placeholder={name}
      value={values[at] ? dayjs(values[at]) : null}
      onChange={(wanted) => set({ [at]: wanted?.format("YYYY-MM-DD"), preview: undefined })}
    />
  );
  if (filter.kind === "day")
    return (
      <fieldset>
        <legend>{label}</legend>
        <div className="span">
          {day(fromKey(filter), `${label} ≥`)}
          {day(toKey(filter), `${label} ≤`)}
        </div>
      </fieldset>
    );
  return (
    <div>
      <label htmlFor={id}>{label}</label>
      {(filter.kind === "reference" || filter.kind === "references") && (
        <ReferenceSelect
          id={id}
          multiple
          resource={referred(filter.field)!}
          by={referredBy(filter.field)}
          value={chosen}
          onChange={choose}
        />
      )}
      {filter.kind === "choice" && (
        <Select
          id={id}
          mode="multiple"
          allowClear
          value={chosen}
          onChange={choose}
          options={filter.field.enum!.map((value) => ({ value, label: words.value(value, filter.field) }))}
        />
      )}
      {filter.kind === "flag" && (
        <Select
          id={id}
          allowClear
          value={chosen[0]}
          options={flag}
          onChange={(value) => choose(value ? [value] : [])}
        />
      )}
    </div>
  );
}
