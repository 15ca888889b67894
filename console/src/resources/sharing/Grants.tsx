import { DeleteOutlined, EditOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { App, Button } from "antd";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { bodyOf } from "../../api/bodies";
import { call, pathNames, type Row } from "../../api/call";
import { operations, schemas } from "../../api/meta";
import { Fetched } from "../Failure";
import { OperationForm } from "../OperationForm";
import { shareOf } from "../preview/changes";
import { PreviewButton } from "../preview/PreviewButton";
import { useRefresh } from "../queries";
import type { Resource } from "../registry";
import { SmallTable } from "../SmallTable";
import { useConfirm } from "../useConfirm";
import { useDeed } from "../useDeed";
import { Waiting } from "../Waiting";
import { useWords } from "../words";
import { Cell, useWhom, Whom } from "./Cell";
import type { Kept } from "./offered";

type Props = {
  resource: Resource;
  row: Row;
  part: "shares" | "team";
  kept: Kept;
  /** The field that says who is meant: what is changed is changed for them. */
  whom: string;
  columns: string[];
  first?: string[];
  focus?: string[];
  starts?: Record<string, unknown>;
};

/** The fields of what an answer lists. */
const fieldsOf = ({ list }: Kept) => schemas[schemas[operations[list].answer!]!.items!.items!.schema!]!;

/** Who may see a record for one reason, each with how far and until when, and a form to add one or to change one. */
export function Grants(props: Props) {
  const { resource, row, part, kept, columns } = props;
  const { t } = useTranslation();
  const words = useWords();
  const id = useId();
  const [changing, setChanging] = useState<Row>();
  const list = useQuery({
    queryKey: [resource.name, part, row.id],
    queryFn: ({ signal }) => call<{ items: Row[] }>(kept.list, { path: row.id, signal }),
  });
  const fields = fieldsOf(kept);
  const OWN: Record<string, string> = { security: "sharing.security", granted: "sharing.by", deeds: "record.deeds" };
  const called = (name: string) => (OWN[name] ? t(OWN[name]) : words.label(name, fields[name]));
  const items = list.data?.items ?? [];
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>{t(`sharing.${part}.title`)}</h2>
      <Fetched of={list} />
      {list.isLoading && <Waiting />}
      {list.isSuccess && items.length === 0 && <p className="nothing">{t(`sharing.${part}.none`)}</p>}
      {items.length > 0 && (
        <SmallTable
          label={t(`sharing.${part}.title`)}
          columns={[...columns, "deeds"].map((name) => ({ name, label: called(name) }))}
          rows={items}
          cell={(each, name) =>
            name === "deeds" ? (
              <Deeds {...props} of={each} onChange={() => setChanging(each)} />
            ) : (
              <Cell name={name} fields={fields} row={each} />
            )
          }
        />
      )}
      <Giving {...props} changing={changing} onChanged={() => setChanging(undefined)} />
    </section>
  );
}

/** What may be done with one of them. */
function Deeds({ row, part, kept, whom, of, onChange }: Props & { of: Row; onChange: () => void }) {
  const { t } = useTranslation();
  const name = useWhom(of, whom);
  const confirm = useConfirm();
  const removal = useDeed();
  const [above, own] = pathNames(kept.remove);
  const path = { [above!]: row.id, [own!]: of.id };
  const done = t(`sharing.${part}.removed`);
  const ask = () =>
    confirm({
      title: t(`sharing.${part}.sure`),
      okText: t(`sharing.${part}.remove`),
      danger: true,
      onOk: () => removal.ask({ operation: kept.remove, path, done }),
    });
  return (
    <>
      <Button type="text" icon={<EditOutlined />} aria-label={t("sharing.changeNamed", { name })} onClick={onChange} />
      <Button
        type="text"
        danger
        icon={<DeleteOutlined />}
        aria-label={t(`sharing.${part}.removeNamed`, { name })}
        loading={removal.isPending}
        onClick={ask}
      />
    </>
  );
}

/** The form that gives somebody a record, or changes how far they may go with it. */
function Giving(props: Props & { changing?: Row; onChanged: () => void }) {
  const { row, part, kept, whom, first, focus, starts, changing, onChanged } = props;
  const { t } = useTranslation();
  const { message } = App.useApp();
  const refresh = useRefresh();
  const [given, setGiven] = useState(0);
  const [adding, setAdding] = useState(part === "shares");
  const rest = Object.keys(bodyOf(kept.add)).filter((name) => name !== whom);
  if (!adding && !changing) return <Button onClick={() => setAdding(true)}>{t(`sharing.${part}.add`)}</Button>;
  const finish = () => {
    message.success(t(`sharing.${part}.${changing ? "changed" : "added"}`));
    onChanged();
    setGiven(given + 1);
    void refresh();
  };
  const previewed = (body: () => Promise<object | undefined>) => (
    <PreviewButton change={() => body().then((share) => share && shareOf(kept.add, row.id, share))} />
  );
  return (
    <OperationForm
      key={`${changing?.id} ${given}`}
      operation={kept.add}
      draft={`${kept.add}.${row.id}${changing ? `.${changing.id}` : ""}`}
      path={row.id}
      asks={changing && rest}
      first={first?.filter((name) => !changing || name !== whom)}
      starts={changing ? { ...valuesOf(changing, rest), [whom]: whomOf(changing[whom]) } : starts}
      focus={changing ? "level" : (focus ?? whom)}
      intro={
        changing && (
          <p>
            <Whom of={changing} by={whom} />
            <Button type="link" onClick={onChanged}>
              {t("sharing.leave")}
            </Button>
          </p>
        )
      }
      beside={part === "shares" ? previewed : undefined}
      submit={t(changing ? "sharing.save" : `sharing.${part}.add`)}
      onDone={finish}
    />
  );
}

const valuesOf = (row: Row, names: string[]) => Object.fromEntries(names.map((name) => [name, row[name]]));

/** Who is meant, as a request says it: their name is the answer's. */
const whomOf = (whom: unknown) => (typeof whom === "object" && whom !== null ? { ...whom, name: undefined } : whom);
