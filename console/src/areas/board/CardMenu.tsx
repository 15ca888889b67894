import { MoreOutlined } from "@ant-design/icons";
import { Button, Dropdown } from "antd";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Row } from "../../api/call";
import type { OperationName } from "../../api/meta";
import { useMay } from "../../api/permissions";
import { titleOf } from "../../resources/registry";
import { opportunities } from "../sales";
import { useLook } from "./useLook";
import type { Move } from "./useMoves";
import { useWaiting } from "./useWaiting";
import { ENDS } from "./Zones";

export type Moving = {
  /** The other stages of the way. */
  stages: string[];
  named: (stage: string) => string;
  onMove: (move: Move) => void;
  ends: string[];
  onEnd: (ending: { card: Row; end: string }) => void;
};

/** Where a card may go: it opens when its record has said what one may do with it now. */
export function CardMenu({ card, stages, named, onMove, ends, onEnd }: Moving & { card: Row }) {
  const { t } = useTranslation();
  const may = useMay();
  const look = useLook();
  const [record, setRecord] = useState<Row>();
  const button = useRef<HTMLButtonElement>(null);
  const { looking, wait } = useWaiting(button);
  const open = async () => {
    const isWanted = wait();
    const found = await look(card);
    if (isWanted()) setRecord(found);
  };
  const isOffered = (operation?: OperationName) => may(record ?? card, operation);
  const items = [
    ...(isOffered(opportunities.stages!.by) ? stages : []).map((stage) => ({
      key: stage,
      label: t("board.moveTo", { stage: named(stage) }),
      onClick: () => onMove({ card, stage }),
    })),
    ...ends
      .filter((end) => isOffered(ENDS[end]))
      .map((end) => ({ key: end, label: `${named(end)}…`, onClick: () => onEnd({ card, end }) })),
  ];
  const none = { key: "none", disabled: true, label: t("board.none") };
  return (
    <Dropdown
      autoFocus
      trigger={["click"]}
      open={record !== undefined}
      onOpenChange={(wanted) => (wanted ? void open() : setRecord(undefined))}
      menu={{ items: items.length > 0 ? items : [none] }}
    >
      <Button
        ref={button}
        type="text"
        size="small"
        loading={looking}
        icon={<MoreOutlined />}
        aria-label={t("board.move", { name: titleOf(opportunities, card) })}
      />
    </Dropdown>
  );
}
