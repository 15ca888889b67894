import { useQuery } from "@tanstack/react-query";
import { Button, Input, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { call, type Row } from "../../api/call";
import { type Said, schemas } from "../../api/meta";
import { useAllowed } from "../../api/permissions";
import { useDay } from "../../resources/days";
import { Fetched } from "../../resources/Failure";
import { SmallTable } from "../../resources/SmallTable";
import { useDeed } from "../../resources/useDeed";
import { Waiting } from "../../resources/Waiting";
import { said, useWords } from "../../resources/words";
import { exampleOf } from "./pattern";

type Rule = Row & { key: string; label: Said; pattern: string; counts: string; preset: string; fields: string[] };

/** How records are numbered; each rule shows at once what the next number will look like. */
export function Component() {
  const { t } = useTranslation();
  const rules = useQuery({
    queryKey: ["numbering-rules", "all"],
    queryFn: async ({ signal }) => (await call<{ items: Rule[] }>("list_numbering_rules", { signal })).items,
  });
  return (
    <>
      <div className="toolbar">
        <h1>{t("nav.numbering-rules")}</h1>
      </div>
      <p>{t("numbering.hint")}</p>
      <Fetched of={rules} />
      {rules.isLoading && <Waiting />}
      {rules.data?.map((rule) => (
        <RuleForm key={`${rule.key} ${rule.version}`} rule={rule} />
      ))}
    </>
  );
}

function RuleForm({ rule }: { rule: Rule }) {
  const { t, i18n } = useTranslation();
  const words = useWords();
  const { today } = useDay();
  const [pattern, setPattern] = useState(rule.pattern);
  const [counts, setCounts] = useState(rule.counts);
  const saving = useDeed();
  const may = useAllowed()("update_numbering_rule");
  const example = exampleOf(pattern, counts, today, rule.fields);
  const name = said(i18n.language, rule.label, rule.key);
  const called = (what: string) => t("numbering.named", { what: t(`numbering.${what}`), name });
  const field = schemas.NumberingRule!.counts!;
  const save = (body: object) =>
    saving.mutate({
      operation: "update_numbering_rule",
      path: rule.key,
      version: rule.version,
      body,
      done: t("numbering.saved"),
    });
  const cells: Record<string, () => React.ReactNode> = {
    series: () => name,
    pattern: () => (
      <Input
        aria-label={called("pattern")}
        value={pattern}
        maxLength={60}
        disabled={!may}
        status={example ? undefined : "error"}
        onChange={(event) => setPattern(event.target.value)}
      />
    ),
    counts: () => (
      <Select
        aria-label={called("counts")}
        value={counts}
        disabled={!may}
        options={field.enum!.map((value) => ({ value, label: words.value(value, field) }))}
        onChange={setCounts}
      />
    ),
    example: () => <output aria-label={called("example")}>{example ?? t("numbering.wrong")}</output>,
    save: () =>
      may && (
        <>
          <Button
            type="primary"
            size="small"
            aria-label={called("save")}
            disabled={!example || (pattern === rule.pattern && counts === rule.counts)}
            loading={saving.isPending}
            onClick={() => save({ pattern, counts })}
          >
            {t("numbering.save")}
          </Button>{" "}
          <Button size="small" aria-label={called("preset")} onClick={() => save({ pattern: null, counts: "day" })}>
            {t("numbering.preset")}
          </Button>
        </>
      ),
  };
  const columns = ["series", "pattern", "counts", "example", "save"];
  return (
    <>
      <SmallTable
        label={name}
        columns={columns.map((column) => ({ name: column, label: t(`numbering.${column}`) }))}
        rows={[rule]}
        cell={(_, column) => cells[column]!()}
      />
      {rule.fields.length > 0 && (
        <p className="nothing">{t("numbering.fields", { fields: rule.fields.map((each) => `{${each}}`).join(" ") })}</p>
      )}
    </>
  );
}
