import { Button, Dropdown, Spin } from "antd";
import { useTranslation } from "react-i18next";
import { Outlet, ScrollRestoration, useNavigate, useNavigation } from "react-router";
import { useMe } from "../api/permissions";
import { countDaysBy } from "../resources/days";
import { useFields } from "../resources/useFields";
import { useWide } from "../resources/useWide";
import { Waiting } from "../resources/Waiting";
import { Bell } from "./Bell";
import { useFocus } from "./focus";
import { LanguageSwitch } from "./LanguageSwitch";
import { BottomTabs, SideNavigation } from "./Navigation";
import { ErrorPage } from "./pages";
import { Search } from "./Search";
import { useKeys } from "./useKeys";
import { useOwnLanguage, useSpeak } from "./useLanguage";
import { useNews } from "./useNews";
import { useLeave } from "./useOwnCommands";

/** The frame of every page: navigation, language, who is signed in. */
export function Shell() {
  const { t } = useTranslation();
  const wide = useWide();
  const me = useMe();
  const zone = me.data?.time_zone;
  // Before anything below is drawn, all of which tells moments by it.
  if (zone) countDaysBy(zone);
  useFields();
  useNews();
  useKeys();
  useFocus();
  useOwnLanguage();
  const speakFromNowOn = useSpeak();
  const leave = useLeave();
  const navigate = useNavigate();
  const busy = useNavigation().state !== "idle";
  // Where it was known already it goes on holding: each page says by itself what it could not be told.
  if (me.isError && !me.data) return <ErrorPage error={me.error} onRetry={() => void me.refetch()} />;
  return (
    <div className="shell">
      <a className="skip" href="#content">
        {t("nav.skip")}
      </a>
      {wide && <SideNavigation />}
      <div className="page">
        <header className="top">
          {!wide && <strong>{t("app.name")}</strong>}
          <span className="grow" aria-live="polite">
            {busy && <Spin size="small" />}
          </span>
          <Search />
          {me.data && <Bell />}
          <LanguageSwitch onSwitch={speakFromNowOn} />
          <Dropdown
            autoFocus
            trigger={["click"]}
            menu={{
              items: [
                { key: "me", label: t("nav.me"), onClick: () => void navigate("/me") },
                { key: "help", label: t("nav.help"), onClick: () => void navigate("/help") },
                { key: "out", label: t("signOut"), onClick: () => void leave() },
              ],
            }}
          >
            <Button type="text" className="account">
              {me.data?.display_name ?? "…"}
            </Button>
          </Dropdown>
        </header>
        <main id="content" className={wide ? "content" : "content narrow"} tabIndex={-1}>
          {me.data ? <Outlet /> : <Waiting />}
        </main>
        {!wide && <BottomTabs />}
      </div>
      <ScrollRestoration />
    </div>
  );
}
