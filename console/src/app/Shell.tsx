import { App, Button, Dropdown, Grid, Layout, Spin } from "antd";
import { useTranslation } from "react-i18next";
import { Link, Outlet, ScrollRestoration, useNavigation } from "react-router";
import { useMe } from "../api/permissions";
import { signOut } from "../api/session";
import { LanguageSwitch } from "./LanguageSwitch";
import { BottomTabs, SideNavigation } from "./Navigation";
import { ErrorPage } from "./pages";
import { Search } from "./Search";

/** The frame of every page: navigation, language, who is signed in. */
export function Shell() {
  const { t } = useTranslation();
  const wide = Grid.useBreakpoint().md ?? true;
  const me = useMe();
  const { message } = App.useApp();
  const leave = async () => {
    if (!(await signOut())) message.error(t("signOutFailed"));
  };
  const busy = useNavigation().state !== "idle";
  if (me.isError) return <ErrorPage error={me.error} />;
  return (
    <Layout hasSider={wide} className="shell">
      <a className="skip" href="#content">
        {t("nav.skip")}
      </a>
      {wide && (
        <Layout.Sider theme="light" width={200} breakpoint="lg" collapsible className="side">
          <Link to="/" className="brand">
            {t("app.name")}
          </Link>
          <SideNavigation />
        </Layout.Sider>
      )}
      <Layout>
        <header className="top">
          {!wide && <strong>{t("app.name")}</strong>}
          <span className="grow" aria-live="polite">
            {busy && <Spin size="small" aria-label={t("loading")} />}
          </span>
          <Search />
          <LanguageSwitch />
          <Dropdown
            autoFocus
            trigger={["click"]}
            menu={{ items: [{ key: "out", label: t("signOut"), onClick: () => void leave() }] }}
          >
            <Button type="text">{me.data?.display_name ?? "…"}</Button>
          </Dropdown>
        </header>
        <main id="content" className={wide ? "content" : "content narrow"} tabIndex={-1}>
          {me.data ? <Outlet /> : <Spin size="large" className="waiting" aria-label={t("loading")} />}
        </main>
        {!wide && <BottomTabs />}
      </Layout>
      <ScrollRestoration />
    </Layout>
  );
}
