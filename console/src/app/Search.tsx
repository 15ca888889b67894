import { SearchOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Awaited } from "../resources/Awaited";
import { lazily } from "../resources/lazily";
import { useShortcut } from "../resources/shortcuts";
import { useAhead } from "./useAhead";

const Palette = lazily(() => import("./Palette"));

/** Opens the palette from every page: by its button, or Ctrl K; by a key of its own for what the page shown offers. */
export function Search() {
  const { t } = useTranslation();
  const [open, setOpen] = useState<"everything" | "deeds">();
  useAhead(Palette.ahead);
  useShortcut("deeds", () => setOpen("deeds"));
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "k") return;
      event.preventDefault();
      setOpen("everything");
    };
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, []);
  return (
    <>
      <Button icon={<SearchOutlined />} aria-haspopup="dialog" title="Ctrl K" onClick={() => setOpen("everything")}>
        {t("search.everything")}
      </Button>
      {open && (
        <Awaited key={open} onClose={() => setOpen(undefined)}>
          <Palette deeds={open === "deeds"} onClose={() => setOpen(undefined)} />
        </Awaited>
      )}
    </>
  );
}
