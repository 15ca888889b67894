import { useQuery } from "@tanstack/react-query";
import { Modal } from "antd";
import { useTranslation } from "react-i18next";
import { call } from "../../api/call";
import { useMe } from "../../api/permissions";
import { fullMoment } from "../days";
import { Fetched } from "../Failure";
import { titleOf } from "../registry";
import { Waiting } from "../Waiting";
import { offeredOf } from "./offered";
import { type Principal, usePrincipal } from "./principals";
import type { Shown } from "./Sharing";
import "./sharing.css";

type Reason = { rule: string; through: Principal; level: string; scope: string | null; until: string | null };
type Answer = { level: string; because: Reason[]; others: Reason[] };

/** Why somebody may see a record, and who else may: a sentence for each reason. */
export default function Access({ resource, row, onClose }: Shown) {
  const { t } = useTranslation();
  const me = useMe().data?.id;
  const operation = offeredOf(resource).access!;
  const access = useQuery({
    queryKey: [resource.name, "access", row.id],
    queryFn: ({ signal }) => call<Answer>(operation, { path: row.id, signal }),
  });
  const others = access.data?.others.filter(({ through }) => through.kind !== "account" || through.id !== me);
  return (
    <Modal
      open
      className="sharing"
      title={t("sharing.who", { name: titleOf(resource, row) })}
      footer={null}
      onCancel={onClose}
    >
      <Fetched of={access} />
      {access.isLoading && <Waiting />}
      {access.data && (
        <>
          <p>{t(`sharing.level.${access.data.level}`)}</p>
          <Reasons title={t("sharing.because")} of={access.data.because} mine />
          <Reasons title={t("sharing.others")} of={others!} />
          <p className="nothing">{t("sharing.scopes")}</p>
        </>
      )}
    </Modal>
  );
}

function Reasons({ title, of, mine }: { title: string; of: Reason[]; mine?: boolean }) {
  if (of.length === 0) return null;
  const Sentence = mine ? Mine : Other;
  return (
    <section>
      <h2>{title}</h2>
      <ul aria-label={title}>
        {of.map((reason) => (
          <li key={`${reason.rule} ${reason.through.id} ${reason.scope}`}>
            <Sentence {...reason} />
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Why I see it. */
function Mine({ rule, through, level, scope, until }: Reason) {
  const { t } = useTranslation();
  const who = usePrincipal(through);
  const isWide = rule === "scope" && through.kind === "everyone";
  const isMine = rule === "share" && through.kind === "account";
  const name = isWide ? "everything" : isMine ? "direct" : rule;
  const why = t(`sharing.mine.${name}`, { who, scope: scope && t(`permissions.scope.${scope}`) });
  const may = t(`sharing.may.${level}`);
  return until ? t("sharing.mineUntil", { why, may, until: fullMoment(until) }) : t("sharing.mineSo", { why, may });
}

/** Why somebody else sees it. */
function Other({ rule, through, level, until }: Reason) {
  const { t } = useTranslation();
  const said = { who: usePrincipal(through), may: t(`sharing.may.${level}`), why: t(`sharing.theirs.${rule}`) };
  return until ? t("sharing.otherUntil", { ...said, until: fullMoment(until) }) : t("sharing.other", said);
}
