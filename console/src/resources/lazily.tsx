import { Alert, Button } from "antd";
import { type ComponentType, createContext, lazy, use, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { loaded } from "../api/loading";

type Fate = { again: () => void; forget: () => void };
const Fetching = createContext<Fate>({ again: () => undefined, forget: () => undefined });

/** What stands where a part of the page could not be fetched; the rest of the page stays. */
function Missing() {
  const { t } = useTranslation();
  const { again, forget } = use(Fetching);
  // Not before it is shown: until then React begins the part anew each time that it draws it.
  useEffect(forget, []);
  return (
    <Alert
      className="missing"
      type="warning"
      showIcon
      title={t("error.part")}
      description={t("error.partHint")}
      action={
        <>
          <Button onClick={again}>{t("error.again")}</Button>
          <Button onClick={() => window.location.reload()}>{t("error.reload")}</Button>
        </>
      }
    />
  );
}

/**
 * A component that is fetched when it is shown first. Where it cannot be had it says so in its place; it is fetched anew
 * by a press, and whenever it is shown again: React's `lazy` would remember the failure until the page is reloaded.
 * `ahead` fetches it before that, so that it is shown at once; where it fails nobody hears of it.
 */
export function lazily<Props extends object>(load: () => Promise<{ default: ComponentType<Props> }>) {
  let fetched: ComponentType<Props> | undefined;
  const missing = { default: Missing as ComponentType<Props> };
  const current = () => {
    fetched ??= lazy(() => loaded(load).catch(() => missing)) as ComponentType<Props>;
    return fetched;
  };
  const forget = () => {
    fetched = undefined;
  };
  const ahead = async () => {
    const part = await loaded(load).catch(() => undefined);
    if (part) fetched = part.default;
  };
  function Part(props: Props) {
    const [Shown, show] = useState(current);
    return (
      <Fetching value={{ again: () => show(current), forget }}>
        <Shown {...props} />
      </Fetching>
    );
  }
  return Object.assign(Part, { ahead });
}
