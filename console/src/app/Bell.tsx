import { BellOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useLocation } from "react-router";
import { approvals, followUps } from "../areas/workbench/blocks";
import { useBlock } from "../areas/workbench/useBlock";
import { withTexts } from "../i18n";
import { Awaited } from "../resources/Awaited";
import { useDay } from "../resources/days";
import { lazily } from "../resources/lazily";

const BellPanel = lazily(withTexts("workbench", () => import("./BellPanel")));

/** How much waits for whoever is signed in, on every page. It is moved by events as they happen. */
export function Bell() {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const { key } = useLocation();
  // Whoever has followed one of its links has no more use for it.
  useEffect(() => setOpen(false), [key]);
  const day = useDay();
  const waiting = [useBlock(approvals, day), useBlock(followUps, day)];
  if (!waiting.some(({ allowed }) => allowed)) return null;
  const count = waiting.reduce((sum, { total = 0 }) => sum + total, 0);
  return (
    <span className="bell">
      <Button
        type="text"
        icon={<BellOutlined />}
        aria-haspopup="dialog"
        aria-label={t("bell.label", { count })}
        onClick={() => setOpen(true)}
      />
      {count > 0 && (
        <span className="badge" aria-hidden>
          {count > 99 ? "99+" : count}
        </span>
      )}
      <span className="unseen" aria-live="polite">
        {count > 0 && t("bell.waits", { count })}
      </span>
      {open && (
        <Awaited onClose={() => setOpen(false)}>
          <BellPanel day={day} onClose={() => setOpen(false)} />
        </Awaited>
      )}
    </span>
  );
}
