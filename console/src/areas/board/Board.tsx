import { monitorForElements } from "@atlaskit/pragmatic-drag-and-drop/element/adapter";
import { Segmented } from "antd";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Row } from "../../api/call";
import { useAllowed } from "../../api/permissions";
import { useAddress, useQuestion } from "../../resources/address";
import { fieldsOf, stagesOf } from "../../resources/registry";
import { Scopes } from "../../resources/Scopes";
import { useTotals } from "../../resources/useTotals";
import { useWide } from "../../resources/useWide";
import { Views } from "../../resources/Views";
import { useWords } from "../../resources/words";
import { opportunities } from "../sales";
import { Column } from "./Column";
import { useMoves } from "./useMoves";
import { ENDS, EndDialog, Zones } from "./Zones";

export function Component() {
  const { t } = useTranslation();
  const words = useWords();
  const wide = useWide();
  const stages = stagesOf(opportunities);
  const [shown, setShown] = useState(stages[0]!);
  const { scope } = useAddress().values;
  const question = useQuestion(opportunities, scope ? { scope } : {});
  const totals = useTotals(opportunities, "total_opportunities", question).data;
  const { move, underWay } = useMoves();
  const [dragging, setDragging] = useState(false);
  const [ending, setEnding] = useState<{ card: Row; end: string }>();
  const allowed = useAllowed();
  const ends = Object.keys(ENDS).filter((end) => allowed(ENDS[end]));
  const latest = useRef(move);
  latest.current = move;
  useEffect(
    () =>
      monitorForElements({
        onDragStart: () => setDragging(true),
        onDrop: ({ source, location }) => {
          setDragging(false);
          const { stage, end } = (location.current.dropTargets[0]?.data ?? {}) as Partial<Record<string, string>>;
          const card = source.data.card as Row;
          if (end) setEnding({ card, end });
          else if (stage && card.stage !== stage) latest.current({ card, stage });
        },
      }),
    [],
  );
  const named = (stage: string) => words.value(stage, fieldsOf(opportunities).stage);
  return (
    <>
      <div className="toolbar">
        <h1>{t("nav.opportunities")}</h1>
        <Views resource={opportunities} />
        <Scopes resource={opportunities} />
      </div>
      {!wide && (
        <Segmented
          block
          aria-label={words.label("stage", fieldsOf(opportunities).stage)}
          value={shown}
          onChange={setShown}
          options={stages.map((stage) => ({ value: stage, label: named(stage) }))}
        />
      )}
      <div className="board">
        {stages
          .filter((stage) => wide || stage === shown)
          .map((stage) => (
            <Column
              key={stage}
              stage={stage}
              question={question}
              totals={totals?.filter((total) => total.stage === stage)}
              named={named}
              stages={stages}
              underWay={underWay}
              onMove={move}
              ends={ends}
              onEnd={setEnding}
            />
          ))}
      </div>
      {dragging && ends.length > 0 && <Zones ends={ends} named={named} />}
      {ending && <EndDialog {...ending} onClose={() => setEnding(undefined)} />}
    </>
  );
}
