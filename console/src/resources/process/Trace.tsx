import { useQuery } from "@tanstack/react-query";
import { Alert } from "antd";
import dayjs from "dayjs";
import { useTranslation } from "react-i18next";
import { api } from "../../api/client";
import { mayPass } from "../../api/problem";
import { fullMoment } from "../days";
import { Fetched } from "../Failure";
import { Waiting } from "../Waiting";
import { drawingOf, type Step, toneOf } from "./drawing";
import { useStepName } from "./useStepName";
import "./trace.css";

/** The height of a row and the width of a lane, in the picture and in the list beside it. */
const ROW = 52;
const LANE = 22;
/** What is not over yet is looked at again; where nobody answers, less often. */
const AGAIN_MS = 3_000;
const LATER_MS = 20_000;

/** What each service did in a process and when, which event went where, and what waits or has stopped. */
export function Trace({ id }: { id: string }) {
  const { t } = useTranslation();
  const trace = useQuery({
    queryKey: ["processes", "trace", id],
    queryFn: async ({ signal }) =>
      (await api.GET("/v1/processes/{correlation_id}", { params: { path: { correlation_id: id } }, signal })).data!,
    refetchInterval: ({ state: { data, error } }) => {
      if (mayPass(error)) return LATER_MS;
      return data?.steps.some((step) => isUnderWay(step as Step)) ? AGAIN_MS : false;
    },
  });
  if (!trace.data) return trace.isError ? <Fetched of={trace} /> : <Waiting />;
  const steps = trace.data.steps as Step[];
  const { lanes, from } = drawingOf(steps);
  const service = (name: string) => t(`process.service.${name}`);
  return (
    <>
      <Fetched of={trace} />
      {trace.data.unavailable.length > 0 && (
        <Alert
          type="warning"
          showIcon
          title={t("process.missing", { names: trace.data.unavailable.map(service).join("、") })}
        />
      )}
      <div className="trace" style={{ gridTemplateColumns: `${lanes.length * LANE}px minmax(0, 1fr)` }}>
        <Picture steps={steps} />
        <ol aria-label={t("process.title")}>
          {steps.map((step, index) => (
            <TraceStep key={index} step={step} service={service} from={from(step)} />
          ))}
        </ol>
      </div>
    </>
  );
}

const isUnderWay = (step: Step) => ["waiting", "retrying"].includes(toneOf(step));

function TraceStep({ step, service, from }: { step: Step; service: (name: string) => string; from?: string }) {
  const { t } = useTranslation();
  const nameOf = useStepName();
  const tone = toneOf(step);
  const more = [
    from && step.kind !== "event_published" && t("process.from", { name: service(from) }),
    step.duration_ms !== null && t("process.took", { count: Math.round(step.duration_ms) }),
    step.tries !== undefined && t("process.tries", { count: step.tries }),
    step.next_try_at && t("process.again", { at: fullMoment(step.next_try_at) }),
  ].filter(Boolean);
  return (
    <li style={{ height: ROW }}>
      <div>
        <strong>{service(step.service)}</strong> {t(`process.kind.${step.kind}`)} <b>{nameOf(step.name)}</b>{" "}
        <span className={`tag ${TONES[tone]}`}>
          {step.kind === "operation" && tone === "stopped" ? step.outcome : t(`process.tone.${tone}`)}
        </span>
      </div>
      <small>
        <time dateTime={step.at}>{dayjs(step.at).format("HH:mm:ss.SSS")}</time> {more.join(" · ")}{" "}
        <code>{step.name}</code>
      </small>
    </li>
  );
}

const TONES = { done: "success", waiting: "warning", retrying: "warning", stopped: "error" };

/** The lanes of the services with their steps, and a line for each event; what it says stands in the list beside it. */
function Picture({ steps }: { steps: Step[] }) {
  const { lanes, lines, points } = drawingOf(steps);
  const x = (lane: number) => lane * LANE + LANE / 2;
  const y = (row: number) => row * ROW + 14;
  return (
    <svg width={lanes.length * LANE} height={steps.length * ROW} aria-hidden="true">
      {lanes.map((lane, index) => (
        <line key={lane} className="lane" x1={x(index)} x2={x(index)} y1={0} y2={steps.length * ROW} />
      ))}
      {lines.map(({ from, to, step }, index) => (
        <path
          key={index}
          className={toneOf(step)}
          d={`M ${x(from.lane)} ${y(from.row)} C ${x(from.lane)} ${y(to.row)}, ${x(to.lane)} ${y(from.row)}, ${x(to.lane)} ${y(to.row)}`}
        />
      ))}
      {points.map(({ lane, row }) => (
        <circle key={row} className={toneOf(steps[row]!)} cx={x(lane)} cy={y(row)} r={5} />
      ))}
    </svg>
  );
}
