import { useTranslation } from "react-i18next";
import type { Row } from "../../api/call";
import { useAllowed } from "../../api/permissions";
import { Problem } from "../../api/problem";
import { Fact } from "../../resources/Fact";
import { Fetched } from "../../resources/Failure";
import { useRecord } from "../../resources/queries";
import { RecordLink } from "../../resources/RecordLink";
import { Reference } from "../../resources/references";
import { fieldsOf, type Resource, referred, resourceOf, titleOf } from "../../resources/registry";
import { Value } from "../../resources/Value";
import ApprovalPicture from "./ApprovalPicture";
import { SUBJECT_FACTS } from "./subject";

/** The page of an approval: what one decides about, and how far it has got. */
export default function ApprovalOverview({ row }: { row: Row }) {
  const { t } = useTranslation();
  const subject = referred({ reference: String(row.subject_type) });
  const allowed = useAllowed();
  return (
    <>
      <section className="facts-group" aria-label={t("approval.subject")}>
        <h2>{t("approval.subject")}</h2>
        {allowed(subject?.get) ? <Subject resource={subject!} id={String(row.subject_id)} /> : <Unseen />}
      </section>
      <ApprovalPicture row={row} />
      {row.flow_id != null && allowed("get_approval_flow") && <Flow id={String(row.flow_id)} />}
    </>
  );
}

/** The main facts of what is to be approved, and the way to its page. */
function Subject({ resource, id }: { resource: Resource; id: string }) {
  const record = useRecord(resource, id);
  const row = record.data;
  if (!row && isOutOfReach(record.error)) return <Unseen />;
  const fields = fieldsOf(resource);
  const [name, ...facts] = [...resource.title, ...(SUBJECT_FACTS[resource.noun] ?? [])];
  return (
    <>
      <Fetched of={record} />
      {row && (
        <dl>
          <Fact name={name!} fields={fields}>
            <RecordLink resource={resource} row={row}>
              {titleOf(resource, row)}
            </RecordLink>
          </Fact>
          {facts.map((fact) => (
            <Fact key={fact} name={fact} fields={fields}>
              <Value name={fact} fields={fields} row={row} tones={resource.tones} />
            </Fact>
          ))}
        </dl>
      )}
    </>
  );
}

const isOutOfReach = (error: unknown) => error instanceof Problem && [403, 404].includes(error.status);

/** Whoever decides need not be somebody who may read what it is about: what was asked for stands on the page. */
function Unseen() {
  const { t } = useTranslation();
  return <p>{t("approval.unseen")}</p>;
}

/** By which rules it goes, for who may read them. */
function Flow({ id }: { id: string }) {
  return (
    <dl className="facts-group">
      <Fact name="flow_id" fields={fieldsOf(resourceOf("approvals")!)}>
        <Reference field={{ reference: "approval_flow" }} id={id} />
      </Fact>
    </dl>
  );
}
