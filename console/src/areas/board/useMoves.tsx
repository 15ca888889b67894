import { useMutation } from "@tanstack/react-query";
import { App, Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { call, type Row } from "../../api/call";
import { Problem } from "../../api/problem";
import { useRefresh } from "../../resources/queries";
import { fieldsOf, titleOf } from "../../resources/registry";
import { useWords } from "../../resources/words";
import { opportunities } from "../sales";

/** So long one may take a move back: six seconds were too short for who was reading. */
const UNDO_SECONDS = 12;

export type Move = { card: Row; stage: string };

/** Moves cards at once and asks the server behind them; a move that it refuses goes back. */
export function useMoves() {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const words = useWords();
  const refresh = useRefresh();
  const [underWay, setUnderWay] = useState<ReadonlyMap<string, Move>>(new Map());
  const settle = (id: string) => setUnderWay((old) => new Map([...old].filter(([each]) => each !== id)));
  const move = useMutation({
    mutationFn: ({ card, stage }: Move) =>
      call("advance_opportunity", { path: card.id, version: card.version, body: { stage } }),
    onMutate: (moved) => setUnderWay((old) => new Map(old).set(moved.card.id, moved)),
    onSuccess: async (saved, { card, stage }) => {
      const key = `moved-${card.id}`;
      const undo = () => {
        message.destroy(key);
        move.mutate({ card: saved, stage: String(card.stage) });
      };
      const to = words.value(stage, fieldsOf(opportunities).stage);
      message.success({
        key,
        duration: UNDO_SECONDS,
        content: (
          <>
            {t("board.moved", { name: titleOf(opportunities, card), stage: to })}{" "}
            <Button size="small" onClick={undo}>
              {t("board.undo")}
            </Button>
          </>
        ),
      });
      await refresh(opportunities, saved);
      settle(card.id);
    },
    onError: async (error, { card }) => {
      const problem = error instanceof Problem ? error : new Problem(0, {});
      message.error(problem.status === 412 ? t("record.stale") : problem.message || t("error.hint"));
      settle(card.id);
      await refresh(opportunities);
    },
  });
  return { move: move.mutate, underWay };
}
