import { useQuery } from "@tanstack/react-query";
import { Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { call, type Row } from "../api/call";
import type { Said } from "../api/meta";
import { useClear } from "./Clear";
import { said } from "./words";

export type Term = {
  id: string;
  code: string;
  label: Said;
  remark: string | null;
  position: number;
  active: boolean;
};
export type Dictionary = Row & { key: string; label: Said; open: boolean; terms: Term[] };

/** A dictionary with its terms; an event of a change has it read anew. */
export const useDictionary = (key: string | undefined) =>
  useQuery({
    queryKey: ["dictionaries", "record", key],
    queryFn: ({ signal }) => call<Dictionary>("get_dictionary", { path: key!, signal }),
    staleTime: 60_000,
    enabled: key !== undefined,
  });

/** What a term is called in the language of who reads it; a text that is none is itself. */
export function TermLabel({ dictionary, code }: { dictionary: string; code: string }) {
  const { i18n } = useTranslation();
  const term = useDictionary(dictionary).data?.terms.find((each) => each.code === code);
  return term ? said(i18n.language, term.label, code) : code;
}

type Props = { dictionary: string; id?: string; autoFocus?: boolean; placeholder?: string; "aria-label"?: string };
type One = Props & { many?: false; value?: string | null; onChange?: (value: string | null) => void };
type Many = Props & { many: true; value?: string[]; onChange?: (value: string[]) => void };

/**
 * The terms of a dictionary to choose from, by their labels: those in use, and the one that the record has. An open
 * dictionary takes what is typed too.
 */
export function TermSelect({ dictionary, many, value, onChange, ...given }: One | Many) {
  const { i18n } = useTranslation();
  const clear = useClear();
  const [typed, setTyped] = useState("");
  const known = useDictionary(dictionary);
  const chosen = new Set([value ?? []].flat());
  const terms = known.data?.terms ?? [];
  const options = terms
    .filter((term) => term.active || many || chosen.has(term.code))
    .map((term) => ({ value: term.code, label: said(i18n.language, term.label, term.code) }));
  const others = [...chosen, ...(known.data?.open === false ? [] : [typed.trim()])].filter(
    (text) => text && !options.some((option) => option.value === text || option.label === text),
  );
  const all = [...options, ...[...new Set(others)].map((text) => ({ value: text, label: text }))];
  return (
    <Select
      {...given}
      mode={many ? "multiple" : undefined}
      allowClear={clear}
      value={value ?? undefined}
      showSearch={{ optionFilterProp: "label", onSearch: setTyped }}
      options={all}
      onChange={(wanted: unknown) =>
        (onChange as ((value: unknown) => void) | undefined)?.(wanted ?? (many ? [] : null))
      }
    />
  );
}
