import { useQuery } from "@tanstack/react-query";
import { Button, Input, Switch } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { call, type Row } from "../../api/call";
import type { Said } from "../../api/meta";
import { useAllowed } from "../../api/permissions";
import { Fetched } from "../../resources/Failure";
import { readWhole } from "../../resources/reading";
import { SmallTable } from "../../resources/SmallTable";
import { useDeed } from "../../resources/useDeed";
import { Waiting } from "../../resources/Waiting";
import { said } from "../../resources/words";

type Value = string | number | boolean;
type Parameter = Row & {
  key: string;
  label: Said;
  explanation: Said;
  type: string;
  value: Value;
  default: Value;
  minimum: number | null;
  maximum: number | null;
};

/** What is set for the whole house, with what it does. */
export function Component() {
  const { t, i18n } = useTranslation();
  const parameters = useQuery({
    queryKey: ["parameters", "all"],
    queryFn: async ({ signal }) => (await call<{ items: Parameter[] }>("list_parameters", { signal })).items,
  });
  const cell = (row: Row, column: string) =>
    column === "name" ? (
      <>
        <strong>{said(i18n.language, (row as Parameter).label, "")}</strong>
        <div>{said(i18n.language, (row as Parameter).explanation, "")}</div>
      </>
    ) : (
      <ParameterForm key={row.version} parameter={row as Parameter} />
    );
  return (
    <>
      <div className="toolbar">
        <h1>{t("nav.parameters")}</h1>
      </div>
      <p>{t("parameters.hint")}</p>
      <Fetched of={parameters} />
      {parameters.isLoading && <Waiting />}
      {parameters.data && (
        <SmallTable
          label={t("nav.parameters")}
          columns={["name", "value"].map((name) => ({ name, label: t(`parameters.${name}`) }))}
          rows={parameters.data}
          cell={cell}
        />
      )}
    </>
  );
}

function ParameterForm({ parameter }: { parameter: Parameter }) {
  const { t, i18n } = useTranslation();
  const { type, minimum, maximum } = parameter;
  const [text, setText] = useState(String(parameter.value));
  const saving = useDeed();
  const may = useAllowed()("update_parameter");
  const name = said(i18n.language, parameter.label, parameter.key);
  const save = (value: Value | null) =>
    saving.mutate({
      operation: "update_parameter",
      path: parameter.key,
      version: parameter.version,
      body: { value },
      done: t("parameters.saved"),
    });
  if (type === "flag")
    return <Switch aria-label={name} checked={parameter.value === true} disabled={!may} onChange={save} />;
  const whole = type === "integer" ? readWhole(text) : undefined;
  const value = type === "integer" ? whole : text.trim();
  const isNew = value !== undefined && value !== parameter.value;
  return (
    <>
      <Input
        aria-label={name}
        value={text}
        disabled={!may}
        inputMode={type === "integer" ? "numeric" : undefined}
        status={value === undefined ? "error" : undefined}
        onChange={(event) => setText(event.target.value)}
        onPressEnter={() => isNew && save(value)}
      />
      <span className="nothing">
        {t("parameters.default", { value: String(parameter.default || "—") })}
        {type === "integer" && maximum !== null && `, ${t("parameters.bounds", { min: minimum ?? 0, max: maximum })}`}
      </span>{" "}
      {may && (
        <>
          <Button
            size="small"
            type="primary"
            aria-label={t("parameters.saveNamed", { name })}
            disabled={!isNew}
            loading={saving.isPending}
            onClick={() => save(value!)}
          >
            {t("parameters.save")}
          </Button>{" "}
          <Button
            size="small"
            aria-label={t("parameters.resetNamed", { name })}
            disabled={parameter.value === parameter.default}
            onClick={() => save(null)}
          >
            {t("parameters.reset")}
          </Button>
        </>
      )}
    </>
  );
}
