import { Button, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { bodyOf } from "../../api/bodies";
import type { Row } from "../../api/call";
import { OperationForm } from "../../resources/OperationForm";
import { useRefresh } from "../../resources/queries";
import { SmallTable } from "../../resources/SmallTable";
import { type Outcome, type Result, toldOf, withNames } from "./together";

type Decided = { outcome: Outcome; rows: Row[]; results?: Result[] };
type Props = { rows: Row[]; onDone: () => void };

const MOST = bodyOf("bulk_decide").ids!.maxItems ?? 100;
const DEEDS: [Outcome, "approve" | "reject"][] = [
  ["approved", "approve"],
  ["rejected", "reject"],
];

/** Agrees to the approvals that are chosen in a list, or refuses them, with one comment for all; then says what became of each. */
export default function DecideTogether({ rows, onDone }: Props) {
  const { t } = useTranslation();
  // What is decided is what was chosen when the window opened, whatever leaves the list meanwhile.
  const [deciding, setDeciding] = useState<Decided>();
  const tooMany = rows.length > MOST;
  const close = () => {
    setDeciding(undefined);
    if (deciding?.results) onDone();
  };
  return (
    <section className="together" aria-label={t("together.title")}>
      <span aria-live="polite">
        {t(tooMany ? "together.most" : "together.chosen", { count: rows.length, most: MOST })}
      </span>
      {DEEDS.map(([outcome, action]) => (
        <Button
          key={outcome}
          type={outcome === "approved" ? "primary" : "default"}
          disabled={tooMany}
          onClick={() => setDeciding({ outcome, rows })}
        >
          {t(`action.${action}`)}
        </Button>
      ))}
      <Button type="text" onClick={onDone}>
        {t("together.none")}
      </Button>
      {deciding && (
        <Deciding {...deciding} onResults={(results) => setDeciding({ ...deciding, results })} onClose={close} />
      )}
    </section>
  );
}

type DecidingProps = Decided & { onResults: (results: Result[]) => void; onClose: () => void };

function Deciding({ outcome, rows, results, onResults, onClose }: DecidingProps) {
  const { t } = useTranslation();
  const refresh = useRefresh();
  const action = t(`action.${outcome === "approved" ? "approve" : "reject"}`);
  const ids = rows.map(({ id }) => id);
  return (
    <Modal
      open
      title={t("together.window", { action, count: rows.length })}
      footer={results ? <Button onClick={onClose}>{t("together.close")}</Button> : null}
      mask={{ closable: false }}
      onCancel={onClose}
    >
      {results ? (
        <Results of={withNames(results, rows)} outcome={outcome} />
      ) : (
        <OperationForm
          operation="bulk_decide"
          asks={["comment"]}
          // Other approvals are another deed.
          draft={`bulk_decide.${outcome}.${ids.join(".")}`}
          starts={{ ids, outcome }}
          submit={action}
          onDone={(answer) => {
            onResults(answer.items as Result[]);
            void refresh();
          }}
        />
      )}
    </Modal>
  );
}

/** What became of each of them, in plain words. */
function Results({ of, outcome }: { of: ReturnType<typeof withNames>; outcome: Outcome }) {
  const { t } = useTranslation();
  const done = of.filter((each) => each.done).length;
  return (
    <>
      <p role="status">{t("together.summary", { count: done, failed: of.length - done })}</p>
      <SmallTable
        label={t("together.results")}
        columns={[
          { name: "title", label: t("together.what") },
          { name: "told", label: t("together.became") },
        ]}
        rows={of}
        cell={(row, name) => (name === "title" ? String(row.title) : t(toldOf(row as unknown as Result, outcome)))}
      />
    </>
  );
}
