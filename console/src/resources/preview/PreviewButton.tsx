import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { withTexts } from "../../i18n";
import { Awaited } from "../Awaited";
import { lazily } from "../lazily";
import type { Change } from "./changes";

const Effects = lazily(
  withTexts(
    "permissions",
    withTexts("preview", () => import("./Effects")),
  ),
);

type Props = {
  /** The change as it would be saved now; nothing while something is wrong with it. */
  change: () => Change | undefined | Promise<Change | undefined>;
  disabled?: boolean;
  size?: "small";
};

/** Shows who would gain and lose what by a change, before it is saved. */
export function PreviewButton({ change, ...given }: Props) {
  const { t } = useTranslation();
  const [asked, setAsked] = useState<Change>();
  const close = () => setAsked(undefined);
  return (
    <>
      <Button {...given} onClick={async () => setAsked(await change())}>
        {t("form.preview")}
      </Button>
      {asked && (
        <Awaited onClose={close}>
          <Effects change={asked} onClose={close} />
        </Awaited>
      )}
    </>
  );
}
