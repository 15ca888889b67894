import { App, Button } from "antd";
import { useTranslation } from "react-i18next";

/** So long one may take back what one did: six seconds were too short for who was reading. */
const UNDO_SECONDS = 12;

/** Returns what says that something was done and lets one take it back for a while; `key` is of what it was done to. */
export function useUndo() {
  const { t } = useTranslation();
  const { message } = App.useApp();
  return (key: string, text: string, undo: () => void) => {
    const takeBack = () => {
      message.destroy(key);
      undo();
    };
    const content = (
      <>
        {text}{" "}
        <Button size="small" onClick={takeBack}>
          {t("record.undo")}
        </Button>
      </>
    );
    message.success({ key, duration: UNDO_SECONDS, content });
  };
}
