import { useTranslation } from "react-i18next";
import type { Row } from "../../api/call";
import { schemas } from "../../api/meta";
import { useAllowed } from "../../api/permissions";
import { Reference } from "../../resources/references";
import { fieldsOf, resourceOf } from "../../resources/registry";
import { Value } from "../../resources/Value";
import { useWords } from "../../resources/words";
import { type Place, type Step, type Task, wayOf } from "./way";
import "./way.css";

const TASK = schemas.ApprovalTask!;

/** The way of an approval: who asked, who decided what and when and with which words, whose turn it is, what comes. */
export default function ApprovalPicture({ row }: { row: Row }) {
  const { t } = useTranslation();
  const approvals = resourceOf("approvals")!;
  const value = (name: string) => (
    <Value name={name} fields={fieldsOf(approvals)} row={row} tones={approvals.tones} inLine />
  );
  return (
    <section className="facts-group" aria-label={t("approval.title")}>
      <h2>{t("approval.title")}</h2>
      <ol className="way">
        <li className="past">
          <strong>{t("approval.begun")}</strong> {value("requester_id")} {value("created_at")}
        </li>
        {wayOf(row).map((place) => (
          <PlaceItem key={place.step} place={place} />
        ))}
        <li className={row.state === "pending" ? "later" : "past"}>
          <strong>{t("approval.end")}</strong> {value("state")} {row.decided_at != null && value("decided_at")}
        </li>
      </ol>
    </section>
  );
}

function PlaceItem({ place }: { place: Place }) {
  const { t } = useTranslation();
  return (
    <li className={place.state} aria-current={place.state === "now" ? "step" : undefined}>
      <strong>{t("approval.step", { count: place.step })}</strong>{" "}
      {place.tasks.length === 0 && (
        <>
          {place.planned && <Asked of={place.planned} />} <span className="tag">{t(`approval.${place.state}`)}</span>
        </>
      )}
      {place.tasks.map((task, index) => (
        <TaskItem key={index} task={task} />
      ))}
    </li>
  );
}

/** Who is asked: somebody, whoever holds a role, the requester's superior. */
function Asked({ of }: { of: Step }) {
  const { t } = useTranslation();
  const words = useWords();
  if (of.kind === "superior" && !of.account_id && !of.role) return t("approval.superior");
  if (of.account_id) return <Reference field={{ reference: "account" }} id={of.account_id} />;
  if (of.role) return <RoleAsked code={of.role} />;
  return words.value(of.kind, TASK.kind);
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

function TaskItem({ task }: { task: Task }) {
  const { t } = useTranslation();
  const tones = resourceOf("approvals")!.tones;
  const value = (name: string) => <Value name={name} fields={TASK} row={{ id: "", ...task }} tones={tones} inLine />;
  return (
    <div>
      {task.decided_by_id ? value("decided_by_id") : <Asked of={task} />} {value("state")}{" "}
      {task.decided_at && value("decided_at")} {task.as_administrator && t("approval.instead")}
      {task.comment && <blockquote>{task.comment}</blockquote>}
      {task.note && <p>{task.note}</p>}
    </div>
  );
}
