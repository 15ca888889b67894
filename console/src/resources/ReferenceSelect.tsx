import { useQuery } from "@tanstack/react-query";
import { Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { call, type Page, type Row } from "../api/call";
import { operations } from "../api/meta";
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

function useFound(resource: Resource, text: string, narrowed?: Record<string, string>) {
  const asked = useSettled(text, PAUSE_MS);
  const key = searchKey(resource);
  return useQuery({
    queryKey: [resource.name, "found", asked, narrowed],
    queryFn: ({ signal }) => {
      const query = { limit: FOUND, ...narrowed, ...(key && asked && { [key]: asked }) };
      return call<Page>(resource.list, { query, signal });
    },
    staleTime: 30_000,
  });
}

type Props<Value> = {
  id?: string;
  resource: Resource;
  /** The member by which a record is named, if not the id. */
  by?: string;
  value?: Value;
  onChange?: (value: Value) => void;
};
type One = Props<string | undefined> & { multiple?: false; autoFocus?: boolean };
type Many = Props<string[]> & { multiple: true };

/** A choice among records, found by typing a part of their name. */
export function ReferenceSelect(props: One | Many) {
  const { t } = useTranslation();
  const { id, resource, by = "id" } = props;
  const [text, setText] = useState("");
  const found = useFound(resource, text);
  const label = (row: Row) => titleOf(resource, row);
  return (
    <Select<string | string[] | undefined>
      id={id}
      mode={props.multiple ? "multiple" : undefined}
      allowClear
      showSearch={{ filterOption: false, onSearch: setText }}
      placeholder={t("form.find")}
      value={props.value}
      loading={found.isFetching}
      notFoundContent={found.isFetching ? t("loading") : t("form.notFound")}
      options={(found.data?.items ?? []).map((row) => ({ value: String(row[by]), label: label(row) }))}
      labelRender={({ value, label: known }) => known ?? <Name resource={resource} id={String(value)} by={by} />}
      onChange={(value) => (props.onChange as ((value: unknown) => void) | undefined)?.(value)}
    />
  );
}

function Name({ resource, id, by }: { resource: Resource; id: string; by: string }) {
  return useName(resource, id, by) ?? "…";
}
