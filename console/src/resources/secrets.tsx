import { App, Typography } from "antd";
import { useTranslation } from "react-i18next";
import type { Row } from "../api/call";

/** Members of an answer that are shown in it only, and what goes along with them. */
const SHOWN_ONCE = ["client_id", "client_secret", "secret"];

/** Returns what shows the secret of an answer, if it has one, until somebody says that it is kept. */
export function useSecret() {
  const { t } = useTranslation();
  const { modal } = App.useApp();
  return (answer: Row) => {
    if (!answer.secret && !answer.client_secret) return;
    modal.info({
      title: t("form.secret"),
      width: 560,
      keyboard: false,
      okText: t("form.kept"),
      content: SHOWN_ONCE.filter((name) => answer[name]).map((name) => (
        <p key={name}>
          {name}
          <br />
          <Typography.Text copyable code>
            {String(answer[name])}
          </Typography.Text>
        </p>
      )),
    });
  };
}
