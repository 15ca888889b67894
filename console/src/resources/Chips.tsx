import { CloseOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { isFilter, unreadIn, useAddress, WHERE, withoutFilters } from "./address";
import { countIn, readTree } from "./conditions/tree";
import { dayOf, useDay } from "./days";
import { type Filter, filtersOf, fromKey, keyOf, spanWords, toKey } from "./filters";
import { useName } from "./references";
import { type Resource, referred, referredBy } from "./registry";
import { TermLabel } from "./terms";
import { useWords } from "./words";

/** Each filter that narrows the list, to be read and taken away. */
export function Chips({ resource }: { resource: Resource }) {
  const { t } = useTranslation();
  const { values, set } = useAddress();
  const words = useWords();
  const chips = filtersOf(resource).flatMap((filter) => {
    const called = words.label(filter.name, filter.field);
    const [from, to] = spanWords(filter);
    return [
      [keyOf(filter), called],
      [fromKey(filter), `${called} ${t(from)}`],
      [toKey(filter), `${called} ${t(to)}`],
    ].flatMap(([key, label]) => (values[key!] ? [{ key: key!, label: label!, filter }] : []));
  });
  // What narrows the list and has no chip, such as the records of a link, can be taken away too.
  const others = Object.keys(values).some((key) => isFilter(key) && key !== resource.search);
  const unread = unreadIn(resource, values);
  const tree = readTree(values[WHERE]);
  if (chips.length === 0 && !others && !tree && unread.length === 0) return null;
  return (
    <div className="chips">
      {chips.map(({ key, label, filter }) => (
        <span key={key} className="tag chip">
          {label}:{" "}
          {(filter.way === "some" ? values[key]!.split(",") : [values[key]!]).map((value, index) => (
            <span key={value}>
              {index > 0 && ", "}
              <Chosen filter={filter} value={value} />
            </span>
          ))}
          <Remove at={key} label={label} />
        </span>
      ))}
      {tree && (
        <span className="tag chip">
          {t("list.advanced")}: {t("list.conditions", { count: countIn(tree) })}
          <Remove at={WHERE} label={t("list.advanced")} />
        </span>
      )}
      {unread.map((name) => (
        <span key={name} className="tag warning chip">
          {t("list.unread")}: {name}={values[name]} <Remove at={name} label={name} />
        </span>
      ))}
      {(chips.length > 0 || others || tree) && (
        <Button type="link" size="small" onClick={() => set(withoutFilters(values))}>
          {t("list.clear")}
        </Button>
      )}
    </div>
  );
}

function Remove({ at, label }: { at: string; label: string }) {
  const { t } = useTranslation();
  const { set } = useAddress();
  return (
    <Button
      type="text"
      size="small"
      icon={<CloseOutlined />}
      aria-label={t("list.remove", { name: label })}
      onClick={() => set({ [at]: undefined })}
    />
  );
}

function Chosen({ filter, value }: { filter: Filter; value: string }) {
  const { t } = useTranslation();
  const words = useWords();
  const { zone } = useDay();
  if (referred(filter.field)) return <Named filter={filter} id={value} />;
  if (filter.kind === "flag") return t(value === "true" ? "yes" : "no");
  if (filter.kind === "moment") return dayOf(value, zone);
  if (filter.kind === "term") return <TermLabel dictionary={filter.field.dictionary!} code={value} />;
  return filter.kind === "choice" ? words.value(value, filter.field) : value;
}

function Named({ filter, id }: { filter: Filter; id: string }) {
  return useName(referred(filter.field)!, id, referredBy(filter.field)) ?? "—";
}
