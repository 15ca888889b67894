import { Fragment } from "react";
import { useTranslation } from "react-i18next";
import { schemas } from "../../api/meta";
import { useAllowed } from "../../api/permissions";
import { Reference } from "../../resources/references";
import { resourceOf } from "../../resources/registry";
import { useWords } from "../../resources/words";
import type { Step } from "./way";

const STEP = schemas.ApprovalStep!;
type Whom = Pick<Step, "account_id" | "role" | "group_id"> & { account_name?: string | null };

/** Whom a step is for by its flow, and how: all of them, and what happens when nobody answers. */
export function StepAsked({ of }: { of: Step }) {
  const { t } = useTranslation();
  const words = useWords();
  return (
    <>
      <StepWhom of={of} />
      {of.agree === "all" && <span className="tag default">{words.value("all", STEP.agree)}</span>}
      {of.escalate_after && <small>{t("approval.escalates", { count: of.escalate_after })}</small>}
    </>
  );
}

function StepWhom({ of }: { of: Step }) {
  const { t } = useTranslation();
  const words = useWords();
  const people = [...new Set([of.account_id, ...(of.account_ids ?? [])])].filter((id) => id != null);
  if (of.kind === "superior" && !people.length && !of.role)
    return (of.height ?? 1) > 1 ? t("approval.superiorAt", { count: of.height! }) : t("approval.superior");
  if (people.length > 0)
    return people.map((id, index) => (
      <Fragment key={id}>
        {index > 0 && ", "}
        <Whom of={{ account_id: id }} />
      </Fragment>
    ));
  if (of.role || of.group_id) return <Whom of={of} />;
  return of.kind === "department_head" ? t("approval.head") : words.value(of.kind, STEP.kind);
}

/** A person, whoever holds a role, whoever is in a group. */
export function Whom({ of: { account_id, account_name, role, group_id } }: { of: Whom }) {
  const { t } = useTranslation();
  if (account_id)
    return <Reference field={{ reference: "account" }} id={account_id} known={account_name ?? undefined} />;
  if (role) return <RoleAsked code={role} />;
  if (!group_id) return null;
  return (
    <>
      {t("approval.group")} <Reference field={{ reference: "user_group" }} id={group_id} />
    </>
  );
}

/** A role by its name; whoever may not read roles is told its code, which is a name too. */
function RoleAsked({ code }: { code: string }) {
  const { t } = useTranslation();
  const mayRead = useAllowed()(resourceOf("roles")!.list);
  const name = mayRead ? <Reference field={{ reference: "role", "reference-by": "code" }} id={code} /> : code;
  return (
    <>
      {t("approval.role")} {name}
    </>
  );
}
