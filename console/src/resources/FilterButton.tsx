import { FilterOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Awaited } from "./Awaited";
import { filtersOf } from "./filters";
import { lazily } from "./lazily";
import type { Resource } from "./registry";

const FilterPanel = lazily(() => import("./FilterPanel"));

export function FilterButton({ resource }: { resource: Resource }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  if (filtersOf(resource).length === 0) return null;
  return (
    <>
      <Button icon={<FilterOutlined />} aria-haspopup="dialog" onClick={() => setOpen(true)}>
        {t("list.filter")}
      </Button>
      {open && (
        <Awaited onClose={() => setOpen(false)}>
          <FilterPanel resource={resource} onClose={() => setOpen(false)} />
        </Awaited>
      )}
    </>
  );
}
