import "../../style/help.css";
import { Switch } from "antd";
import { Fragment, useEffect, useId } from "react";
import { useTranslation } from "react-i18next";
import { useLocation } from "react-router";
import { useMe } from "../../api/permissions";
import { GO, KEYS, type Shortcut } from "../../resources/shortcuts";
import { usePreferences } from "../../resources/usePreferences";
import { places } from "../places";

const SECTIONS = ["how", "keys", "phone", "news", "whom"] as const;

/** What a newcomer asks: how things are done here, which keys there are, what is new, and whom to ask. */
export function Component() {
  const { t } = useTranslation();
  const { hash } = useLocation();
  useEffect(() => void document.getElementById(hash.slice(1))?.scrollIntoView(), [hash]);
  return (
    <div className="help">
      <h1>{t("nav.help")}</h1>
      <nav aria-label={t("help.contents")}>
        {SECTIONS.map((name) => (
          <a key={name} href={`#${name}`}>
            {t(`help.${name}.title`)}
          </a>
        ))}
      </nav>
      {SECTIONS.map((name) => (
        <section key={name} id={name} aria-labelledby={`${name}-title`}>
          <h2 id={`${name}-title`}>{t(`help.${name}.title`)}</h2>
          {name === "keys" ? <Keys /> : <Texts name={name} />}
        </section>
      ))}
    </div>
  );
}

/** The lines of a section, which its texts have in their order. */
function Texts({ name }: { name: string }) {
  const { t } = useTranslation();
  const account = useMe().data?.username;
  const lines = t(`help.${name}.lines`, { returnObjects: true, account }) as unknown as string[];
  return (
    <ul>
      {lines.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
}

/** Every key, from the tables that the keys themselves are found in; and the switch for those of one letter. */
function Keys() {
  const { t } = useTranslation();
  const id = useId();
  const { preferences, prefer } = usePreferences();
  const all = places.flatMap((place) => place.below ?? [place]).filter((place) => place.letter);
  return (
    <>
      <p>
        <Switch id={id} checked={preferences?.single_keys} onChange={(on) => prefer({ single_keys: on })} />{" "}
        <label htmlFor={id}>{t("help.keys.switch")}</label>
      </p>
      <dl className="keys">
        <Key keys="Ctrl K" says={t("help.keys.palette")} />
        {(Object.keys(KEYS) as Shortcut[]).map((name) => (
          <Key key={name} keys={KEYS[name]} says={t(`help.keys.${name}`)} />
        ))}
        {all.map((place) => (
          <Key
            key={place.name}
            keys={`${GO} ${place.letter}`}
            says={t("help.keys.go", { name: t(`nav.${place.name}`) })}
          />
        ))}
        <Key keys="Enter Esc" says={t("help.keys.edited")} />
        <Key keys="Ctrl Enter" says={t("help.keys.send")} />
        <Key keys="↑ ↓" says={t("help.keys.arrows")} />
      </dl>
    </>
  );
}

function Key({ keys, says }: { keys: string; says: string }) {
  return (
    <div>
      <dt>
        {keys.split(" ").map((key) => (
          <Fragment key={key}>
            <kbd>{key}</kbd>{" "}
          </Fragment>
        ))}
      </dt>
      <dd>{says}</dd>
    </div>
  );
}
