import { draggable } from "@atlaskit/pragmatic-drag-and-drop/element/adapter";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Row } from "../../api/call";
import { useMay } from "../../api/permissions";
import type { Day } from "../../resources/days";
import { fieldsOf, recordPath, titleOf } from "../../resources/registry";
import { Value } from "../../resources/Value";
import { opportunities } from "../sales";
import { quietFor } from "../workbench/blocks";
import { CardMenu, type Moving } from "./CardMenu";

type Props = {
  card: Row;
  day: Day;
  /** Whether it is on its way to another stage. */
  busy: boolean;
} & Moving;

/** A card is moved by dragging it, or by its menu: with the keyboard, or where a finger scrolls. */
export function Card({ card, day, busy, ...moving }: Props) {
  const { t } = useTranslation();
  const ref = useRef<HTMLLIElement>(null);
  const [dragging, setDragging] = useState(false);
  const movable = useMay()(card, opportunities.stages!.by) && !busy;
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
        {movable && <CardMenu card={card} {...moving} />}
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
