import { PartitionOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { withTexts } from "../i18n";
import { Awaited } from "./Awaited";
import { lazily } from "./lazily";
import { isSearched, type Resource } from "./registry";

const ConditionPanel = lazily(withTexts("conditions", () => import("./conditions/ConditionPanel")));

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
