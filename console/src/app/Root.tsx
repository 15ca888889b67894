import { App, ConfigProvider, theme } from "antd";
import enUS from "antd/locale/en_US";
import zhCN from "antd/locale/zh_CN";
import { useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { isSignedIn, watchSession } from "../api/session";
import { SignIn } from "./SignIn";

// antd's own blue and its grey of placeholders are too light to be read on white (WCAG 1.4.3).
const THEME = {
  algorithm: theme.compactAlgorithm,
  token: { fontSize: 14, colorPrimary: "#0958d9", colorLink: "#0958d9", colorTextPlaceholder: "#6b7280" },
};

export function Root() {
  const { i18n } = useTranslation();
  const signedIn = useSyncExternalStore(watchSession, isSignedIn);
  return (
    <ConfigProvider locale={i18n.language === "en" ? enUS : zhCN} theme={THEME} button={{ autoInsertSpace: false }}>
      <App>{signedIn ? null : <SignIn />}</App>
    </ConfigProvider>
  );
}
