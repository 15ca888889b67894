import { dropTargetForElements } from "@atlaskit/pragmatic-drag-and-drop/element/adapter";
import { Button } from "antd";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Row } from "../../api/call";
import { useDay } from "../../resources/days";
import { Fetched } from "../../resources/Failure";
import { money } from "../../resources/format";
import { type Query, useList } from "../../resources/queries";
import type { Total } from "../../resources/useTotals";
import { Waiting } from "../../resources/Waiting";
import { opportunities } from "../sales";
import { Card } from "./Card";
import type { Move } from "./useMoves";

type Props = {
  stage: string;
  stages: string[];
  /** Whose cards, as the server is asked. */
  question: Query | undefined;
  totals?: Total[];
  named: (stage: string) => string;
  underWay: ReadonlyMap<string, Move>;
  onMove: (move: Move) => void;
  ends: string[];
  onEnd: (ending: { card: Row; end: string }) => void;
};

/** One stage: how many there are in all, and their cards a page at a time. */
export function Column({ stage, stages, question, totals, named, underWay, onMove, ends, onEnd }: Props) {
  const { t, i18n } = useTranslation();
  const ref = useRef<HTMLElement>(null);
  const [over, setOver] = useState(false);
  const day = useDay();
  const list = useList(opportunities, question && { ...question, "filter[stage]": stage });
  const leaving = list.rows.filter((card) => underWay.has(card.id) && underWay.get(card.id)!.stage !== stage);
  const coming = [...underWay.values()].filter((each) => each.stage === stage && each.card.stage !== stage);
  const cards = [
    ...coming.map(({ card }) => card).filter((card) => !list.rows.some((row) => row.id === card.id)),
    ...list.rows.filter((card) => !leaving.includes(card)),
  ];
  useEffect(
    () =>
      dropTargetForElements({
        element: ref.current!,
        getData: () => ({ stage }),
        onDragEnter: () => setOver(true),
        onDragLeave: () => setOver(false),
        onDrop: () => setOver(false),
      }),
    [stage],
  );
  return (
    <section ref={ref} className={over ? "column over" : "column"} aria-label={named(stage)}>
      <h2>
        {named(stage)} <span className="count">{totals?.reduce((sum, each) => sum + each.count, 0)}</span>
      </h2>
      <p className="sums">
        {totals?.map((each) => money(String(each.amount), each.currency, i18n.language)).join(" + ")}
      </p>
      {list.isLoading && <Waiting />}
      <Fetched of={list} />
      <ul className="cards">
        {cards.map((card) => (
          <Card
            key={card.id}
            card={card}
            day={day}
            busy={underWay.has(card.id)}
            stages={stages.filter((to) => to !== stage)}
            named={named}
            onMove={onMove}
            ends={ends}
            onEnd={onEnd}
          />
        ))}
      </ul>
      {list.hasNextPage && (
        <Button block onClick={list.more} loading={list.isFetchingNextPage}>
          {t("list.more")}
        </Button>
      )}
    </section>
  );
}
