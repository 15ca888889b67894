import { useTranslation } from "react-i18next";
import type { Row } from "../../api/call";
import { schemas } from "../../api/meta";
import { fieldsOf, resourceOf } from "../../resources/registry";
import { Value } from "../../resources/Value";
import { SeatItem, TaskItem } from "./Answers";
import { StepAsked } from "./StepAsked";
import { type Place, type Stage, wayOf } from "./way";
import "./way.css";

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
          {Number(row.reminders) > 0 && (
            <p>
              {t("approval.reminded", { count: Number(row.reminders) })} {value("reminded_at")}
            </p>
          )}
        </li>
        {wayOf(row).map((stage) => (
          <StageItem key={stage.places[0]!.step} stage={stage} />
        ))}
        <li className={row.state === "pending" ? "later" : "past"}>
          <strong>{t("approval.end")}</strong> {value("state")} {row.decided_at != null && value("decided_at")}
        </li>
      </ol>
    </section>
  );
}

/** One step, or several side by side. */
function StageItem({ stage: { state, places } }: { stage: Stage }) {
  const { t } = useTranslation();
  return (
    <li className={state} aria-current={state === "now" ? "step" : undefined}>
      {places.length === 1 ? (
        <PlacePart place={places[0]!} />
      ) : (
        <>
          <strong>{t("approval.beside", { count: places.length })}</strong>
          <ul className="beside">
            {places.map((place) => (
              <li key={place.step} className={place.state}>
                <PlacePart place={place} />
              </li>
            ))}
          </ul>
        </>
      )}
    </li>
  );
}

/** A step: whom it is for, as long as nobody was asked, and then who was. */
function PlacePart({ place: { step, state, task, seats, planned } }: { place: Place }) {
  const { t } = useTranslation();
  const escalates = task?.state === "pending" && task.escalates_at;
  return (
    <>
      <strong>{t("approval.step", { count: step })}</strong>{" "}
      {!task && (
        <>
          {planned && <StepAsked of={planned} />} <span className="tag">{t(`approval.${state}`)}</span>
        </>
      )}
      {seats.map((seat) => (
        <SeatItem key={seat.id} seat={seat} among={seats} />
      ))}
      {task && (seats.length === 0 || task.as_administrator || task.state === "withdrawn") && <TaskItem task={task} />}
      {escalates && (
        <p>
          {t("approval.escalatesAt")}{" "}
          <Value name="escalates_at" fields={schemas.ApprovalTask!} row={{ id: "", ...task }} inLine />
        </p>
      )}
    </>
  );
}
