import { useMutation } from "@tanstack/react-query";
import { App } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Row } from "../../api/call";
import { usePerform } from "../../resources/deeds";
import { useRefresh } from "../../resources/queries";
import { useRefusal } from "../../resources/refusals";
import { fieldsOf, titleOf } from "../../resources/registry";
import { useUndo } from "../../resources/useUndo";
import { useWords } from "../../resources/words";
import { opportunities } from "../sales";

export type Move = { card: Row; stage: string };

/** Moves cards at once and asks the server behind them; a move that it refuses goes back. */
export function useMoves() {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const words = useWords();
  const refusal = useRefusal();
  const refresh = useRefresh();
  const perform = usePerform();
  const undoable = useUndo();
  const [underWay, setUnderWay] = useState<ReadonlyMap<string, Move>>(new Map());
  // By then it may be on its way back.
  const settle = (moved: Move) => setUnderWay((old) => new Map([...old].filter(([, each]) => each !== moved)));
  const move = useMutation({
    mutationFn: ({ card, stage }: Move) =>
      perform("advance_opportunity", { path: card.id, version: card.version, body: { stage } }),
    onMutate: (moved) => setUnderWay((old) => new Map(old).set(moved.card.id, moved)),
    onSuccess: async (saved, moved) => {
      const { card, stage } = moved;
      const to = words.value(stage, fieldsOf(opportunities).stage);
      undoable(`moved-${card.id}`, t("board.moved", { name: titleOf(opportunities, card), stage: to }), () =>
        move.mutate({ card: saved, stage: String(card.stage) }),
      );
      await refresh(opportunities, saved);
      settle(moved);
    },
    onError: async (error, moved) => {
      message.error(refusal(error));
      settle(moved);
      await refresh(opportunities);
    },
  });
  return { move: move.mutate, underWay };
}
