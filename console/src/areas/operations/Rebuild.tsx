import { Alert, Form, Switch } from "antd";
import { useTranslation } from "react-i18next";
import { allSchemas } from "../../api/bodies";
import { api } from "../../api/client";
import { Failure, Fetched } from "../../resources/Failure";
import { useConfirm } from "../../resources/useConfirm";
import { useWords } from "../../resources/words";
import { FromTo, StartOrStop } from "./FromTo";
import { jsonLines } from "./lines";
import { OperationsNav } from "./OperationsNav";
import { type Rebuilt, rebuilding } from "./rebuilding";
import { type BusOfService, useBus } from "./useBus";
import { useReading } from "./useReading";
import "./operations.css";

type Wish = { publisher: string; consumer: string; types?: string[]; from_empty?: boolean };

async function* asked({ publisher, types = [], from_empty = false, consumer }: Wish, signal: AbortSignal) {
  const params = { path: { service: publisher } };
  const body = { consumer, types, from_empty };
  const answer = await api.POST("/v1/bus/{service}/rebuild", { params, body, parseAs: "stream", signal });
  yield* jsonLines(answer.data as ReadableStream<Uint8Array>);
}

/** One service's copies of another one's records are told anew, from what its owner has now. */
export function Component() {
  const { t } = useTranslation();
  const bus = useBus();
  const { run, far, stop } = useReading<Wish, Rebuilt>((wish, tell, signal) =>
    rebuilding(asked(wish, signal), tell, signal),
  );
  return (
    <>
      <OperationsNav page="rebuild" />
      <p>{t("operations.rebuildHint")}</p>
      <Fetched of={bus} />
      {bus.data && <RebuildForm busy={run.isPending} services={bus.data} onBegin={run.mutate} onStop={stop} />}
      <div aria-live="polite">
        {run.isError && <Failure error={run.error} onRetry={() => run.mutate(run.variables)} />}
        {far && <Told far={far} />}
      </div>
    </>
  );
}

const LOUD = { running: "info", finished: "success", stopped: "info", cut: "error", failed: "error" } as const;

function Told({ far: { sent, state, detail } }: { far: Rebuilt }) {
  const { t } = useTranslation();
  return <Alert type={LOUD[state]} showIcon title={t(`operations.rebuilt.${state}`, { count: sent, detail })} />;
}

type FormProps = { busy: boolean; services: BusOfService[]; onBegin: (wish: Wish) => void; onStop: () => void };

function RebuildForm({ busy, services, onBegin, onStop }: FormProps) {
  const { t } = useTranslation();
  const words = useWords();
  const confirm = useConfirm();
  // Until all is told, whoever is judged by an emptied copy sees less than they may.
  const begin = (wish: Wish) =>
    wish.from_empty
      ? confirm({
          title: t("operations.emptySure"),
          okText: t("operations.start"),
          danger: true,
          onOk: () => onBegin(wish),
        })
      : onBegin(wish);
  return (
    <Form layout="vertical" className="bus-form" onFinish={begin}>
      <FromTo services={services} />
      <Form.Item
        name="from_empty"
        label={words.label("from_empty", allSchemas.Rebuild!.from_empty)}
        valuePropName="checked"
      >
        <Switch />
      </Form.Item>
      <StartOrStop busy={busy} onStop={onStop} />
    </Form>
  );
}
