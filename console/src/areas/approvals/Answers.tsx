import { useTranslation } from "react-i18next";
import { schemas } from "../../api/meta";
import { resourceOf } from "../../resources/registry";
import { Value } from "../../resources/Value";
import { useWords } from "../../resources/words";
import { Whom } from "./StepAsked";
import type { Seat, Task } from "./way";

const TASK = schemas.ApprovalTask!;
const SEAT = schemas.ApprovalAsked!;
const tones = () => resourceOf("approvals")!.tones;

/** Who is asked, why if not by the flow, and what they answered, or somebody in their place. */
export function SeatItem({ seat, among }: { seat: Seat; among: Seat[] }) {
  const { t } = useTranslation();
  const value = (name: string) => <Value name={name} fields={SEAT} row={{ ...seat }} tones={tones()} inLine />;
  const answeredByOther = seat.decided_by_id && seat.decided_by_id !== seat.account_id;
  // The server says in its own words why somebody was replaced; the state says it too.
  const comment = seat.state !== "replaced" && seat.comment;
  const isWritten = ["added", "handed_on"].includes(seat.because) && seat.note;
  return (
    <div>
      <Whom of={seat} /> {value("state")} {among.length > 1 && seat.required && <small>{t("approval.required")}</small>}{" "}
      {answeredByOther && value("decided_by_id")}{" "}
      {seat.on_behalf_of_name && <small>{t("approval.onBehalf", { name: seat.on_behalf_of_name })}</small>}{" "}
      {seat.decided_at && value("decided_at")} <Because seat={seat} />
      {isWritten && <blockquote>{seat.note}</blockquote>}
      {comment && <blockquote>{comment}</blockquote>}
    </div>
  );
}

/** Why somebody is asked whom the flow does not name. */
function Because({ seat }: { seat: Seat }) {
  const { t } = useTranslation();
  const words = useWords();
  if (seat.because === "flow") return null;
  const reason = words.value(seat.because, SEAT.because);
  return <small>{seat.by_name ? t("approval.because", { reason, name: seat.by_name }) : reason}</small>;
}

/** How a step ended where nobody who is asked has answered for it: an administrator did, or it was taken back. */
export function TaskItem({ task }: { task: Task }) {
  const { t } = useTranslation();
  const value = (name: string) => <Value name={name} fields={TASK} row={{ id: "", ...task }} tones={tones()} inLine />;
  return (
    <div>
      {task.decided_by_id ? value("decided_by_id") : <Whom of={task} />} {value("state")}{" "}
      {task.decided_at && value("decided_at")} {task.as_administrator && t("approval.instead")}
      {task.comment && <blockquote>{task.comment}</blockquote>}
    </div>
  );
}
