import { useTranslation } from "react-i18next";
import type { Row } from "../../api/call";
import { useAllowed } from "../../api/permissions";
import { Problem } from "../../api/problem";
import { Fact } from "../../resources/Fact";
import { Fetched } from "../../resources/Failure";
import { useRecord } from "../../resources/queries";
import { RecordLink } from "../../resources/RecordLink";
import { Reference } from "../../resources/references";
import { fieldsOf, inOrder, isShown, type Resource, referred, resourceOf, titleOf } from "../../resources/registry";
import { Value } from "../../resources/Value";
import ApprovalPicture from "./ApprovalPicture";
import { ASKED_WITH, SUBJECT_FACTS } from "./subject";

/** The page of an approval: what one decides about, and how far it has got. */
export default function ApprovalOverview({ row }: { row: Row }) {
  const { t } = useTranslation();
  const subject = referred({ reference: String(row.subject_type) });
  const allowed = useAllowed();
  return (
    <>
      <section className="facts-group" aria-label={t("approval.subject")}>
        <h2>{t("approval.subject")}</h2>
        {allowed(subject?.get) ? <Subject resource={subject!} of={row} /> : <Unseen resource={subject} of={row} />}
        <dl>
          <Fact name="subject_step" fields={fieldsOf(resourceOf("approvals")!)}>
            <Value name="subject_step" fields={fieldsOf(resourceOf("approvals")!)} row={row} />
          </Fact>
          {subject && <Becoming resource={subject} of={row} />}
        </dl>
      </section>
      <ApprovalPicture row={row} />
      {row.flow_id != null && allowed("get_approval_flow") && <Flow id={String(row.flow_id)} />}
    </>
  );
}

/** The main facts of what is to be approved, and the way to its page. */
function Subject({ resource, of }: { resource: Resource; of: Row }) {
  const record = useRecord(resource, String(of.subject_id));
  const row = record.data;
  if (!row && isOutOfReach(record.error)) return <Unseen resource={resource} of={of} />;
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

/** What the record is to become, where the step was asked with it: the status that a customer rises to. */
function Becoming({ resource, of }: { resource: Resource; of: Row }) {
  const { t } = useTranslation();
  const facts = (of.facts ?? {}) as Record<string, unknown>;
  const told = Object.entries(ASKED_WITH[resource.noun] ?? {}).filter(([given]) => facts[given] != null);
  return told.map(([given, field]) => (
    <div className="fact" key={given}>
      <dt>{t("approval.becoming")}</dt>
      <dd>
        <Value
          name={field}
          fields={fieldsOf(resource)}
          row={{ id: "", [field]: facts[given] }}
          tones={resource.tones}
        />
      </dd>
    </div>
  ));
}

const isOutOfReach = (error: unknown) => error instanceof Problem && [403, 404].includes(error.status);

/** Whoever decides need not be somebody who may read what it is about: they see what it was like when it was asked for. */
function Unseen({ resource, of }: { resource?: Resource; of: Row }) {
  const { t } = useTranslation();
  const fields = resource ? fieldsOf(resource) : {};
  const facts = (of.facts ?? {}) as Record<string, unknown>;
  const told = inOrder(fields).filter((name) => isShown(name) && facts[name] != null);
  return (
    <>
      <p>{t("approval.unseen")}</p>
      <dl>
        {told.map((name) => (
          <Fact key={name} name={name} fields={fields}>
            <Value name={name} fields={fields} row={{ id: "", ...facts }} tones={resource?.tones} />
          </Fact>
        ))}
      </dl>
    </>
  );
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
