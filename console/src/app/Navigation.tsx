import { EllipsisOutlined, MenuFoldOutlined, MenuUnfoldOutlined } from "@ant-design/icons";
import { Button, Menu } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useLocation } from "react-router";
import { useAllowed } from "../api/permissions";
import { type Place, places } from "../areas/places";
import { Awaited } from "../resources/Awaited";
import { Away } from "../resources/Away";
import { lazily } from "../resources/lazily";
import { GO, useHint } from "../resources/shortcuts";
import { useAway } from "../resources/useAway";
import { PlaceLink } from "./PlaceLink";

const MorePlaces = lazily(() => import("./MorePlaces"));

/** How many places the phone shows at its lower edge beside "more". */
const TABS = 4;
/** Where the window is narrower, the names of the places are folded away at first. */
const ROOMY = 992;

/** The places that are open to whoever is signed in; the only one below another stands in its stead. */
export function useOpenPlaces(): Place[] {
  const allowed = useAllowed();
  return places
    .map((place) => ({ ...place, below: place.below?.filter((each) => allowed(each.needs)) }))
    .filter((place) => (place.below ? place.below.length > 0 : allowed(place.needs)))
    .map((place) => (place.below?.length === 1 ? { icon: place.icon, ...place.below[0]! } : place));
}

export function SideNavigation() {
  const { t } = useTranslation();
  const hint = useHint();
  const { pathname } = useLocation();
  const open = useOpenPlaces();
  const away = useAway();
  const link = (place: Place) => (
    <PlaceLink place={place} away={away(place.name)} title={place.letter && hint(GO, place.letter)} />
  );
  const item = (place: Place) => ({
    key: place.name,
    icon: place.icon && <place.icon />,
    label: place.below ? <Group name={place.name} away={place.below.map((each) => away(each.name))} /> : link(place),
    children: place.below?.map((each) => ({
      key: each.name,
      label: link(each),
    })),
  });
  const here = pathname.split("/")[1] || "workbench";
  const [folded, setFolded] = useState(() => window.innerWidth < ROOMY);
  return (
    <nav aria-label={t("nav.label")} className={folded ? "side folded" : "side"}>
      <Link to="/" className="brand">
        {t("app.name")}
      </Link>
      <Menu
        mode="inline"
        inlineCollapsed={folded}
        selectedKeys={[here]}
        defaultOpenKeys={places.filter((place) => place.below?.some((each) => each.name === here)).map((p) => p.name)}
        items={open.map(item)}
      />
      <Button
        type="text"
        icon={folded ? <MenuUnfoldOutlined /> : <MenuFoldOutlined />}
        aria-label={t(folded ? "nav.unfold" : "nav.fold")}
        onClick={() => setFolded(!folded)}
      />
    </nav>
  );
}

/** What several places stand below, which says of them too that they are away: it may be folded. */
function Group({ name, away }: { name: string; away: boolean[] }) {
  const { t } = useTranslation();
  const isAway = away.includes(true);
  return (
    <span className={isAway ? "away" : undefined}>
      {t(`nav.${name}`)}
      {isAway && <Away partly={away.includes(false)} />}
    </span>
  );
}

export function BottomTabs() {
  const { t } = useTranslation();
  const [more, setMore] = useState(false);
  const away = useAway();
  const all = useOpenPlaces().flatMap<Place>(
    (place) => place.below?.map((each) => ({ icon: place.icon, ...each })) ?? [place],
  );
  const rest = all.slice(TABS);
  return (
    <nav aria-label={t("nav.label")} className="tabs">
      {all.slice(0, TABS).map((place) => (
        <PlaceLink key={place.name} place={place} away={away(place.name)} withIcon />
      ))}
      {rest.length > 0 && (
        <Button type="text" onClick={() => setMore(true)} aria-haspopup="dialog">
          <EllipsisOutlined />
          {t("nav.more")}
        </Button>
      )}
      {more && (
        <Awaited onClose={() => setMore(false)}>
          <MorePlaces places={rest} away={away} onClose={() => setMore(false)} />
        </Awaited>
      )}
    </nav>
  );
}
