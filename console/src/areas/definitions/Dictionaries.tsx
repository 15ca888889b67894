import { PlusOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Button, Input, Segmented, Select, Switch } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { call, type Row } from "../../api/call";
import type { Said } from "../../api/meta";
import { useAllowed } from "../../api/permissions";
import { useAddress } from "../../resources/address";
import { Fetched } from "../../resources/Failure";
import { type Term, useDictionary } from "../../resources/terms";
import { useDeed } from "../../resources/useDeed";
import { Waiting } from "../../resources/Waiting";
import { said } from "../../resources/words";
import { matching, type State } from "./matching";
import { TermForm } from "./TermForm";
import { Terms } from "./Terms";

type Outline = Row & { key: string; label: Said };

/** What fields offer to choose from: one dictionary at a time. */
export function Component() {
  const { t, i18n } = useTranslation();
  const { values, set } = useAddress();
  const all = useQuery({
    queryKey: ["dictionaries", "all"],
    queryFn: async ({ signal }) => (await call<{ items: Outline[] }>("list_dictionaries", { signal })).items,
  });
  const key = values.dictionary ?? all.data?.[0]?.key;
  return (
    <>
      <div className="toolbar">
        <h1>{t("nav.dictionaries")}</h1>
        <Select
          aria-label={t("dictionaries.choose")}
          value={key}
          options={all.data?.map((each) => ({ value: each.key, label: said(i18n.language, each.label, each.key) }))}
          onChange={(dictionary) => set({ dictionary })}
        />
      </div>
      <p>{t("dictionaries.hint")}</p>
      <Fetched of={all} />
      {all.isLoading && <Waiting />}
      {key && <Kept key={key} dictionary={key} />}
    </>
  );
}

function Kept({ dictionary }: { dictionary: string }) {
  const { t } = useTranslation();
  const allowed = useAllowed();
  const known = useDictionary(dictionary);
  const [text, setText] = useState("");
  const [state, setState] = useState<State>("every");
  const [asked, setAsked] = useState<Term | "new">();
  const changing = useDeed();
  if (!known.data) return known.isError ? <Fetched of={known} /> : <Waiting />;
  const { terms, version, open } = known.data;
  const may = allowed("create_term");
  const openOrClose = (wanted: boolean) =>
    changing.mutate({
      operation: "update_dictionary",
      path: dictionary,
      version,
      body: { open: wanted },
      done: t("dictionaries.saved"),
    });
  return (
    <>
      <div className="toolbar">
        <Input
          type="search"
          className="search"
          aria-label={t("dictionaries.search")}
          placeholder={t("dictionaries.search")}
          onChange={(event) => setText(event.target.value)}
        />
        <Segmented
          aria-label={t("dictionaries.state")}
          value={state}
          options={(["every", "inUse", "outOfUse"] as const).map((value) => ({
            value,
            label: t(`dictionaries.${value}`),
          }))}
          onChange={setState}
        />
        <span className="grow" />
        {may && (
          <Button type="primary" icon={<PlusOutlined />} onClick={() => setAsked("new")}>
            {t("dictionaries.new")}
          </Button>
        )}
      </div>
      {may && (
        <p>
          <Switch
            aria-label={t("dictionaries.open")}
            checked={open}
            loading={changing.isPending}
            onChange={openOrClose}
          />{" "}
          {t("dictionaries.open")} <span className="nothing">{t("dictionaries.openHint")}</span>
        </p>
      )}
      <Terms
        dictionary={dictionary}
        version={version!}
        terms={matching(terms, text, state)}
        last={terms.length}
        may={may}
        onEdit={setAsked}
      />
      {asked && (
        <TermForm
          dictionary={dictionary}
          version={version!}
          term={asked === "new" ? undefined : asked}
          onClose={() => setAsked(undefined)}
        />
      )}
    </>
  );
}
