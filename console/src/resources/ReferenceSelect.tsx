import { useQuery } from "@tanstack/react-query";
import { Select } from "antd";
import { useContext, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { call, type Page, type Row } from "../api/call";
import { operations } from "../api/meta";
import { AboutNoun } from "./about";
import { useClear } from "./Clear";
import { plain } from "./plain";
import { isId } from "./reading";
import { useName } from "./references";
import { type Resource, titleOf } from "./registry";
import { useSettled } from "./useSettled";

const FOUND = 20;
const PAUSE_MS = 250;

/** The filter by which records are looked for: what the resource says, or its first name. */
function searchKey(resource: Resource) {
  const wanted = resource.search ?? `filter[${resource.title[0]}][contains]`;
  return operations[resource.list].queries?.includes(wanted) ? wanted : undefined;
}

/** The records whose name holds a text, asked for while somebody chooses; `isCut`: there are more of them. */
function useFound(resource: Resource, text: string, enabled: boolean) {
  const asked = useSettled(text, PAUSE_MS);
  const key = searchKey(resource);
  const about = useContext(AboutNoun);
  const of = resource.of && about ? { [resource.of]: about } : {};
  const { data, isFetching } = useQuery({
    queryKey: [resource.name, "found", asked, of],
    queryFn: ({ signal }) => {
      const query = { limit: FOUND, ...of, ...(key && asked && { [key]: asked }) };
      return call<Page>(resource.list, { query, signal });
    },
    staleTime: 30_000,
    enabled,
  });
  // What an earlier text has found is not what Enter is pressed for.
  const found = asked === text ? data : undefined;
  return { rows: found?.items ?? [], isCut: found?.next != null, isPending: !found && (isFetching || asked !== text) };
}

type Props<Value> = {
  id?: string;
  resource: Resource;
  /** The member by which a record is named, if not the id. */
  by?: string;
  value?: Value;
  onChange?: (value: Value) => void;
  autoFocus?: boolean;
  /** What may be chosen besides the records, such as oneself. */
  besides?: { value: string; label: string }[];
  "aria-label"?: string;
};
type One = Props<string | undefined> & { multiple?: false };
type Many = Props<string[]> & { multiple: true };

/**
 * What was typed to find a record and led to no choice. Who leaves the input takes the only record that it found; else it
 * is handed on as it is, for a rule or the server to refuse: no record is saved without what somebody saw there.
 */
function useLeft(only: Row | undefined, take: (text: string, only: Row | undefined) => void) {
  const typed = useRef<{ text: string; only?: Row }>({ text: "" });
  const open = useRef(false);
  useEffect(() => {
    if (open.current) typed.current.only = only;
  }, [only]);
  const forget = () => {
    typed.current = { text: "" };
  };
  return {
    forget,
    opens: (is: boolean) => {
      open.current = is;
    },
    // A choice that closes takes its text out by itself, before one has left it.
    writes: (text: string) => {
      if (text || open.current) typed.current.text = text;
    },
    leave: () => {
      const { text, only } = typed.current;
      forget();
      if (text.trim()) take(text.trim(), only);
    },
  };
}

/** A choice among records, found by typing a part of their name. */
export function ReferenceSelect({ resource, by = "id", multiple, onChange, besides = [], ...given }: One | Many) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const [open, setOpen] = useState(false);
  const { rows, isCut, isPending } = useFound(resource, text, open);
  const change = onChange as ((value: unknown) => void) | undefined;
  const only = rows.length === 1 && !isCut ? rows[0] : undefined;
  const left = useLeft(only, (typed, found) => !multiple && change?.(found ? found[by] : typed));
  return (
    <Select<string | string[] | undefined>
      // With all that the form says of its input: what it is called, what is wrong with it.
      {...given}
      mode={multiple ? "multiple" : undefined}
      allowClear={useClear()}
      showSearch={{
        filterOption: false,
        onSearch: (written) => {
          setText(written);
          left.writes(written);
        },
      }}
      onOpenChange={(is) => {
        setOpen(is);
        left.opens(is);
      }}
      onInputKeyDown={({ key }) => key === "Escape" && left.forget()}
      onBlur={left.leave}
      placeholder={t("form.find")}
      loading={isPending}
      notFoundContent={t(isPending ? "loading" : "form.notFound")}
      options={[
        ...besides.filter(({ label }) => plain(label).includes(plain(text))),
        ...rows.map((row) => ({ value: String(row[by]), label: titleOf(resource, row) })),
      ]}
      labelRender={({ value, label: known }) =>
        known ??
        besides.find((each) => each.value === value)?.label ?? (
          <Name resource={resource} named={String(value)} by={by} />
        )
      }
      popupRender={(choices) => (
        <>
          {choices}
          <p className="cut" role="status">
            {isCut && t("form.cut", { count: rows.length })}
          </p>
        </>
      )}
      onChange={(value) => {
        left.forget();
        change?.(value);
      }}
    />
  );
}

/** What a record is called. What names none is a text that was left there. */
function Name({ resource, named, by }: { resource: Resource; named: string; by: string }) {
  const isText = by === "id" && !isId(named);
  const name = useName(resource, isText ? undefined : named, by);
  return name ?? (isText ? named : "…");
}
