import { Drawer } from "antd";
import { useTranslation } from "react-i18next";
import { BlockSection } from "../areas/workbench/BlockSection";
import { approvals, followUps, requests } from "../areas/workbench/blocks";
import type { Day } from "../resources/days";
import { useWide } from "../resources/useWide";
import "../style/workbench.css";

/** What waits, by name. */
export default function BellPanel({ day, onClose }: { day: Day; onClose: () => void }) {
  const { t } = useTranslation();
  const wide = useWide();
  return (
    <Drawer open onClose={onClose} title={t("bell.title")} size={wide ? 400 : "100%"}>
      <BlockSection block={approvals} day={day} />
      <BlockSection block={followUps} day={day} />
      <BlockSection block={requests} day={day} />
    </Drawer>
  );
}
