import "../../style/workbench.css";
import { useTranslation } from "react-i18next";
import { useMe } from "../../api/permissions";
import { useDay } from "../../resources/days";
import { BlockSection } from "./BlockSection";
import { blocks } from "./blocks";
import { Checklist } from "./Checklist";
import { Figures } from "./Figures";

/** Where a day begins: what waits for whoever is signed in, and how they stand. */
export function Component() {
  const { t } = useTranslation();
  const day = useDay();
  const name = useMe().data?.display_name;
  return (
    <>
      <div className="toolbar">
        <h1>{t("nav.workbench")}</h1>
        <span>{t("workbench.hello", { name })}</span>
      </div>
      <Checklist />
      <Figures />
      <div className="blocks">
        {blocks.map((block) => (
          <BlockSection key={block.name} block={block} day={day} />
        ))}
      </div>
    </>
  );
}
