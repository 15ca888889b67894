import { App, ConfigProvider, theme } from "antd";
import enUS from "antd/locale/en_US";
import zhCN from "antd/locale/zh_CN";
import dayjs from "dayjs";
import "dayjs/locale/zh-cn";
import { Suspense, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { signedInBy, watchSession } from "../api/session";
import { lazily } from "../resources/lazily";
import { Waiting } from "../resources/Waiting";
import { TOKENS, VARIABLES } from "../style/theme";
import { SignIn } from "./SignIn";

const fetchWorkspace = () => import("./Workspace");
const Workspace = lazily(fetchWorkspace);

/** Fetches it before it is shown; where that fails, whoever shows it says so. */
export const fetchWorkspaceAhead = () => void fetchWorkspace().catch(() => undefined);

const THEME = {
  algorithm: theme.compactAlgorithm,
  hashed: false,
  zeroRuntime: import.meta.env.PROD,
  cssVar: { key: VARIABLES },
  token: {
    ...TOKENS,
    // antd must know it too: it waits for the end of each movement, and measures what moves where it is just then.
    motion: !window.matchMedia("(prefers-reduced-motion: reduce)").matches,
  },
};

export function Root() {
  const { i18n } = useTranslation();
  const signedIn = useSyncExternalStore(watchSession, signedInBy);
  const english = i18n.language === "en";
  dayjs.locale(english ? "en" : "zh-cn");
  return (
    <ConfigProvider locale={english ? enUS : zhCN} theme={THEME} button={{ autoInsertSpace: false }}>
      {/* What was said or asked in one session, or is about to be, is neither shown nor answered in another one. */}
      <App key={signedIn}>
        {signedIn ? (
          <Suspense fallback={<Waiting />}>
            <Workspace />
          </Suspense>
        ) : (
          <SignIn onTyping={fetchWorkspaceAhead} />
        )}
      </App>
    </ConfigProvider>
  );
}
