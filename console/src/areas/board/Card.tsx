import { MoreOutlined } from "@ant-design/icons";
import { draggable } from "@atlaskit/pragmatic-drag-and-drop/element/adapter";
import { Button, Dropdown } from "antd";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Row } from "../../api/call";
import { useAllowed } from "../../api/permissions";
import type { Day } from "../../resources/days";
import { fieldsOf, recordPath, titleOf } from "../../resources/registry";
import { Value } from "../../resources/Value";
import { opportunities } from "../sales";
import { quietFor } from "../workbench/blocks";
import type { Move } from "./useMoves";

type Props = {
  card: Row;
  day: Day;
  /** Whether it is on its way to another stage. */
  busy: boolean;
  stages: string[];
  named: (stage: string) => string;
  onMove: (move: Move) => void;
  ends: string[];
  onEnd: (ending: { card: Row; end: string }) => void;
};

/** A card is moved by dragging it, or by its menu: with the keyboard, or where a finger scrolls. */
export function Card({ card, day, busy, stages, named, onMove, ends, onEnd }: Props) {
  const { t } = useTranslation();
  const ref = useRef<HTMLLIElement>(null);
  const [dragging, setDragging] = useState(false);
  const movable = useAllowed()("advance_opportunity") && !busy;
  const fields = fieldsOf(opportunities);
  const name = titleOf(opportunities, card);
  useEffect(() => {
    if (!movable) return;
    return draggable({
      element: ref.current!,
      getInitialData: () => ({ card }),
      onDragStart: () => setDragging(true),
      onDrop: () => setDragging(false),
    });
  }, [card, movable]);
  const quiet = quietFor(card, day);
  const value = (field: string) => <Value name={field} fields={fields} row={card} inLine />;
  return (
    <li ref={ref} className={dragging ? "card dragged" : "card"}>
      <div>
        <Link to={recordPath(opportunities, card.id)} draggable={false}>
          {name}
        </Link>
        {movable && (
          <Dropdown
            autoFocus
            trigger={["click"]}
            menu={{
              items: [
                ...stages.map((stage) => ({
                  key: stage,
                  label: t("board.moveTo", { stage: named(stage) }),
                  onClick: () => onMove({ card, stage }),
                })),
                ...ends.map((end) => ({ key: end, label: `${named(end)}…`, onClick: () => onEnd({ card, end }) })),
              ],
            }}
          >
            <Button type="text" size="small" icon={<MoreOutlined />} aria-label={t("board.move", { name })} />
          </Dropdown>
        )}
      </div>
      <div>{value("customer_id")}</div>
      <div>
        {value("amount")}
        {value("owner_id")}
      </div>
      {quiet !== undefined && <div className="quiet">{t("board.quiet", { count: quiet })}</div>}
    </li>
  );
}
