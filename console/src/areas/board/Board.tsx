import { monitorForElements } from "@atlaskit/pragmatic-drag-and-drop/element/adapter";
import { App, Segmented } from "antd";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Row } from "../../api/call";
import { useAllowed, useMay } from "../../api/permissions";
import { useAddress, useQuestion } from "../../resources/address";
import { fieldsOf, stagesOf } from "../../resources/registry";
import { Scopes } from "../../resources/Scopes";
import { useTotals } from "../../resources/useTotals";
import { useWide } from "../../resources/useWide";
import { Views } from "../../resources/Views";
import { useWords } from "../../resources/words";
import { opportunities } from "../sales";
import { Column } from "./Column";
import { useLook } from "./useLook";
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
  const may = useMay();
  const look = useLook();
  const { message } = App.useApp();
  /** Asks what an end has to know, where one may end it so. */
  const endIt = async (card: Row, end: string) => {
    if (may(await look(card), ENDS[end])) setEnding({ card, end });
    else message.error(t("board.none"));
  };
  const latest = useRef({ move, endIt });
  latest.current = { move, endIt };
  useEffect(
    () =>
      monitorForElements({
        onDragStart: () => setDragging(true),
        onDrop: ({ source, location }) => {
          setDragging(false);
          const { stage, end } = (location.current.dropTargets[0]?.data ?? {}) as Partial<Record<string, string>>;
          const card = source.data.card as Row;
          if (end) void latest.current.endIt(card, end);
          else if (stage && card.stage !== stage) latest.current.move({ card, stage });
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
