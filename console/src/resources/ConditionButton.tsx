import { PartitionOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { operations } from "../api/meta";
import { withTexts } from "../i18n";
import { Awaited } from "./Awaited";
import { lazily } from "./lazily";
import type { Resource } from "./registry";

const ConditionPanel = lazily(withTexts("conditions", () => import("./conditions/ConditionPanel")));

/** Whether a list can be searched by a tree of conditions: what stands at a noun's own path can. */
const isSearched = ({ list }: Resource) => `search_${list.replace(/^list_/, "")}` in operations;

export function ConditionButton({ resource }: { resource: Resource }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  if (!isSearched(resource)) return null;
  return (
    <>
      <Button icon={<PartitionOutlined />} aria-haspopup="dialog" onClick={() => setOpen(true)}>
        {t("list.advanced")}
      </Button>
      {open && (
        <Awaited onClose={() => setOpen(false)}>
          <ConditionPanel resource={resource} onClose={() => setOpen(false)} />
        </Awaited>
      )}
    </>
  );
}
