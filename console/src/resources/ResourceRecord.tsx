import { type ReactNode, Suspense, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import type { Row } from "../api/call";
import { operations } from "../api/meta";
import { useAllowed } from "../api/permissions";
import { withTexts } from "../i18n";
import { Actions } from "./Actions";
import { Away } from "./Away";
import { AboutNoun } from "./about";
import { useAddress } from "./address";
import { Facts, FoldedFacts } from "./Facts";
import { Fetched } from "./Failure";
import { lazily } from "./lazily";
import { useOffers } from "./offers";
import { useRecord } from "./queries";
import { Related, useMayMake } from "./Related";
import { fieldsOf, listPath, type Resource, resourceOf, type Tab, type TimelineOf, titleOf } from "./registry";
import { useHint, useShortcut } from "./shortcuts";
import { useAway } from "./useAway";
import { useWide } from "./useWide";
import { Value } from "./Value";
import { Waiting } from "./Waiting";

const Timeline = lazily(() => import("./Timeline"));
const StageBar = lazily(() => import("./StageBar"));
const PhoneBar = lazily(() => import("./PhoneBar"));
const History = lazily(withTexts("steps", () => import("./history/History")));
const Processes = lazily(withTexts("steps", () => import("./process/Processes")));
const TIMELINE = "timeline";
const HISTORY = "history";
const PROCESSES = "processes";
const OWN_TABS: Record<string, string> = {
  [TIMELINE]: "timeline.title",
  [HISTORY]: "history.title",
  [PROCESSES]: "process.title",
};

/** What the page of a noun shows of a record besides, above its facts and below them. */
export type Besides = { above?: (row: Row) => ReactNode; below?: (row: Row) => ReactNode };
type Props = Besides & { resource: Resource; id: string };

/** The page of one record: what it is, what may be done with it, its facts, and what belongs to it. */
export function ResourceRecord({ resource, id, above, below }: Props) {
  const { t } = useTranslation();
  const wide = useWide();
  const record = useRecord(resource, id);
  const row = record.data;
  // Where it was shown already it stays, with whatever somebody is typing into it.
  if (!row) return record.isError ? <Fetched of={record} /> : <Waiting />;
  const fields = fieldsOf(resource);
  const head = [resource.status, resource.figure, resource.owner].filter((name) => name && name in row) as string[];
  return (
    <AboutNoun value={resource.noun}>
      <article className="record">
        <Fetched of={record} />
        <nav aria-label={t("record.up")}>
          <Link to={listPath(resource, row)}>{t(`nav.${resource.name}`)}</Link>
        </nav>
        <header>
          <h1>{titleOf(resource, row)}</h1>
          {head.map((name) => (
            <Value key={name} name={name} fields={fields} row={row} tones={resource.tones} inLine />
          ))}
          <span className="grow" />
          <Actions resource={resource} row={row} />
        </header>
        {above?.(row)}
        {resource.picture && (
          <Suspense>
            <resource.picture.shows row={row} />
          </Suspense>
        )}
        {resource.stages && (
          <Suspense>
            <StageBar resource={resource} row={row} />
          </Suspense>
        )}
        <div className="columns">
          <div>
            {wide || !(resource.timeline || resource.tabs) ? (
              <Facts resource={resource} row={row} />
            ) : (
              <FoldedFacts resource={resource} row={row} />
            )}
          </div>
          <RecordTabs resource={resource} row={row} />
        </div>
        {below?.(row)}
        {!wide && resource.timeline && (
          <Suspense>
            <PhoneBar resource={resource} row={row} />
          </Suspense>
        )}
      </article>
    </AboutNoun>
  );
}

const hasHistory = ({ get }: Resource) => get !== undefined && operations[get].history === true;
const namesOf = (lists: TimelineOf) => lists.map(({ resource }) => resource).join(" ");

/** Offers to make what belongs to a record though its tab is not shown; returns the tab that begins with its form. */
function useMakes(row: Row, tabs: Tab[], shown?: string) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const mayMake = useMayMake(row);
  const [begun, setBegun] = useState<string>();
  const make = (name: string) => {
    setBegun(name);
    navigate({ search: `?tab=${name}` }, { replace: true, preventScrollReset: true });
  };
  useOffers(
    tabs
      .filter((tab) => tab.resource !== shown && mayMake(tab))
      .map(({ resource: name }) => ({ name: t(`new.${name}`), run: () => make(name) })),
  );
  // Whoever comes back to the tab later begins nothing.
  useEffect(() => setBegun(undefined), [shown]);
  return begun;
}

/** What belongs to a record: first what was done with it, then the records of its own, then what was changed in it. */
function RecordTabs({ resource, row }: { resource: Resource; row: Row }) {
  const { t } = useTranslation();
  const hint = useHint();
  const { values } = useAddress();
  const allowed = useAllowed();
  const away = useAway();
  const timeline = resource.timeline?.filter(({ resource: name }) => allowed(resourceOf(name)?.list));
  const tabs = (resource.tabs ?? []).filter(({ resource: name }) => allowed(resourceOf(name)?.list));
  const names = [
    ...(timeline?.length ? [TIMELINE] : []),
    ...tabs.map((tab) => tab.resource),
    ...(hasHistory(resource) ? [HISTORY] : []),
    ...(resource.processes ? [PROCESSES] : []),
  ];
  const nav = useRef<HTMLElement>(null);
  useShortcut("tab", (digit) => {
    const link = nav.current?.querySelectorAll("a")[Number(digit) - 1];
    link?.focus();
    link?.click();
  });
  const shown = names.find((name) => name === values.tab) ?? names[0];
  const tab = tabs.find((each) => each.resource === shown);
  const begun = useMakes(row, tabs, shown);
  if (!shown) return null;
  return (
    <div>
      <nav ref={nav} className="record-tabs" aria-label={t("record.related")}>
        {names.map((name, index) => (
          <Link
            key={name}
            to={{ search: `?tab=${name}` }}
            replace
            preventScrollReset
            title={hint(`${index + 1}`)}
            aria-current={name === shown ? "page" : undefined}
            className={away(name) ? "away" : undefined}
          >
            {t(OWN_TABS[name] ?? `nav.${name}`)}
            {away(name) && <Away />}
          </Link>
        ))}
      </nav>
      <Suspense fallback={<Waiting />}>
        {tab && <Related key={shown} resource={resourceOf(shown)!} of={row} tab={tab} begins={begun === shown} />}
        {shown === TIMELINE && <Timeline key={namesOf(timeline!)} of={timeline!} row={row} />}
        {shown === HISTORY && <History resource={resource} row={row} />}
        {shown === PROCESSES && <Processes id={row.id} />}
      </Suspense>
    </div>
  );
}
