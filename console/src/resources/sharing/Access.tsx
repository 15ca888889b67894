import { useQuery } from "@tanstack/react-query";
import { Form, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { call } from "../../api/call";
import { useAllowed, useMe } from "../../api/permissions";
import { fullMoment } from "../days";
import { Fetched } from "../Failure";
import { useCalled } from "../permissions/catalogue";
import { ReferenceSelect } from "../ReferenceSelect";
import { titleOf } from "../registry";
import { Waiting } from "../Waiting";
import { offeredOf } from "./offered";
import { type Principal, resourceOfKind, usePrincipal } from "./principals";
import type { Shown } from "./Sharing";
import { type Lack, WhyNot } from "./WhyNot";
import "./sharing.css";

type Reason = { rule: string; through: Principal; level: string; scope: string | null; until: string | null };
type Answer = { account_id: string; level: string; because: Reason[]; why_not: Lack[]; others: Reason[] };

/** Why somebody may see a record, or why not, and who else may: a sentence for each reason. */
export default function Access({ resource, row, onClose }: Shown) {
  const { t } = useTranslation();
  const me = useMe().data?.id;
  const [asked, setAsked] = useState<string>();
  const about = asked === me ? undefined : asked;
  const operation = offeredOf(resource).access!;
  const access = useQuery({
    queryKey: [resource.name, "access", row.id, about],
    queryFn: ({ signal }) =>
      call<Answer>(operation, { path: row.id, query: about ? { account_id: about } : undefined, signal }),
  });
  const others = access.data?.others.filter(({ through }) => through.kind !== "account" || through.id !== me);
  const whose = about ? "theirs" : "mine";
  return (
    <Modal
      open
      className="sharing"
      title={t("sharing.who", { name: titleOf(resource, row) })}
      footer={null}
      onCancel={onClose}
    >
      <Person value={asked} onChange={setAsked} />
      <Fetched of={access} />
      {access.isLoading && <Waiting />}
      {access.data && (
        <>
          <p>{t(`sharing.level.${whose}.${access.data.level}`)}</p>
          <Reasons title={t(`sharing.because.${whose}`)} of={access.data.because} whose={whose} />
          <WhyNot title={t(`sharing.whyNot.${whose}`)} of={access.data.why_not} />
          {!about && <Reasons title={t("sharing.others")} of={others!} />}
          {!about && <p className="nothing">{t("sharing.scopes")}</p>}
        </>
      )}
    </Modal>
  );
}

/** Of whom is asked: of oneself, until somebody else is chosen. */
function Person({ value, onChange }: { value?: string; onChange: (id?: string) => void }) {
  const { t } = useTranslation();
  const accounts = resourceOfKind("account")!;
  if (!useAllowed()(accounts.list)) return null;
  return (
    <Form layout="vertical">
      <Form.Item label={t("sharing.person")} extra={t("sharing.personWho")} htmlFor="asked-about">
        <ReferenceSelect id="asked-about" resource={accounts} value={value} onChange={onChange} />
      </Form.Item>
    </Form>
  );
}

/** Of whom is asked: of oneself, or of somebody else. */
type Whose = "mine" | "theirs";

function Reasons({ title, of, whose }: { title: string; of: Reason[]; whose?: Whose }) {
  if (of.length === 0) return null;
  return (
    <section>
      <h2>{title}</h2>
      <ul aria-label={title}>
        {of.map((reason) => (
          <li key={`${reason.rule} ${reason.through.id} ${reason.scope}`}>
            {whose ? <Because {...reason} whose={whose} /> : <Other {...reason} />}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Why I see it, or whoever is asked about. */
function Because({ rule, through, level, scope, until, whose }: Reason & { whose: Whose }) {
  const { t } = useTranslation();
  const who = usePrincipal(through);
  const called = useCalled();
  const isWide = rule === "scope" && through.kind === "everyone";
  const isMine = rule === "share" && through.kind === "account";
  const name = isWide ? "everything" : isMine ? "direct" : rule;
  const why = t(`sharing.${whose}.${name}`, { who, scope: scope && called.scope(scope) });
  const may = t(`sharing.may.${level}`);
  const said = { why, may, until: until && fullMoment(until) };
  return t(`sharing.${whose}.${until ? "until" : "so"}`, said);
}

/** Why somebody else sees it. */
function Other({ rule, through, level, until }: Reason) {
  const { t } = useTranslation();
  const said = { who: usePrincipal(through), may: t(`sharing.may.${level}`), why: t(`sharing.as.${rule}`) };
  return until ? t("sharing.otherUntil", { ...said, until: fullMoment(until) }) : t("sharing.other", said);
}
