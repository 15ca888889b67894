import { Alert, Form, Switch } from "antd";
import { useTranslation } from "react-i18next";
import { allSchemas } from "../../api/bodies";
import { DateInput } from "../../resources/DateInput";
import { fullMoment } from "../../resources/days";
import { Failure, Fetched } from "../../resources/Failure";
import { useRules } from "../../resources/rules";
import { useWords } from "../../resources/words";
import { FromTo, StartOrStop } from "./FromTo";
import { OperationsNav } from "./OperationsNav";
import { type Progress, replay, type Wish } from "./replaying";
import { type BusOfService, useBus } from "./useBus";
import { useReading } from "./useReading";
import "./operations.css";

/** What a service has published is sent once more to another one; how far it has got is told page by page. */
export function Component() {
  const { t } = useTranslation();
  const bus = useBus();
  const { run, far, stop } = useReading<Wish, Progress>((wish, tell, signal) =>
    replay(wish, tell, () => signal.aborted),
  );
  return (
    <>
      <OperationsNav page="replay" />
      <p>{t("operations.replayHint")}</p>
      <Fetched of={bus} />
      {bus.data && <ReplayForm busy={run.isPending} services={bus.data} onBegin={run.mutate} onStop={stop} />}
      <div aria-live="polite">
        {run.isError && <Failure error={run.error} onRetry={() => run.mutate(run.variables)} />}
        {far && <Told progress={far} />}
      </div>
    </>
  );
}

function Told({ progress }: { progress: Progress }) {
  const { t } = useTranslation();
  return (
    <Alert
      type={progress.state === "finished" ? "success" : "info"}
      showIcon
      title={t(`operations.replayed.${progress.state}`, { count: progress.sent })}
      description={progress.keptSince && t("operations.keptSince", { since: fullMoment(progress.keptSince) })}
    />
  );
}

type FormProps = {
  busy: boolean;
  services: BusOfService[];
  onBegin: (wish: Wish) => void;
  onStop: () => void;
};

function ReplayForm({ busy, services, onBegin, onStop }: FormProps) {
  const words = useWords();
  const label = (name: string) => words.label(name, allSchemas.Replay![name]);
  const rules = useRules("moment", allSchemas.Replay!.since!, label("since"));
  const begin = ({ since, ...wish }: Wish) => onBegin({ ...wish, ...(since && { since }) });
  return (
    <Form layout="vertical" className="bus-form" onFinish={begin}>
      <FromTo services={services} />
      <Form.Item name="since" label={label("since")} rules={rules} validateTrigger="onBlur">
        <DateInput withTime />
      </Form.Item>
      <Form.Item name="again" label={label("again")} valuePropName="checked">
        <Switch />
      </Form.Item>
      <StartOrStop busy={busy} onStop={onStop} />
    </Form>
  );
}
