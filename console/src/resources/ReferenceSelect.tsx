import { useQuery } from "@tanstack/react-query";
import { Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { call, type Page } from "../api/call";
import { operations } from "../api/meta";
import { useClear } from "./Clear";
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
  const { data, isFetching } = useQuery({
    queryKey: [resource.name, "found", asked],
    queryFn: ({ signal }) => {
      const query = { limit: FOUND, ...(key && asked && { [key]: asked }) };
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
};
type One = Props<string | undefined> & { multiple?: false };
type Many = Props<string[]> & { multiple: true };

/** A choice among records, found by typing a part of their name. */
export function ReferenceSelect({ resource, by = "id", multiple, onChange, ...given }: One | Many) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const [open, setOpen] = useState(false);
  const { rows, isCut, isPending } = useFound(resource, text, open);
  return (
    <Select<string | string[] | undefined>
      // With all that the form says of its input: what it is called, what is wrong with it.
      {...given}
      mode={multiple ? "multiple" : undefined}
      allowClear={useClear()}
      showSearch={{ filterOption: false, onSearch: setText }}
      onOpenChange={setOpen}
      placeholder={t("form.find")}
      loading={isPending}
      notFoundContent={t(isPending ? "loading" : "form.notFound")}
      options={rows.map((row) => ({ value: String(row[by]), label: titleOf(resource, row) }))}
      labelRender={({ value, label: known }) => known ?? <Name resource={resource} id={String(value)} by={by} />}
      popupRender={(choices) => (
        <>
          {choices}
          <p className="cut" role="status">
            {isCut && t("form.cut", { count: rows.length })}
          </p>
        </>
      )}
      onChange={(value) => (onChange as ((value: unknown) => void) | undefined)?.(value)}
    />
  );
}

function Name({ resource, id, by }: { resource: Resource; id: string; by: string }) {
  return useName(resource, id, by) ?? "…";
}
