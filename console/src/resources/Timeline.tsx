import { App, Button } from "antd";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useLocation } from "react-router";
import { bodyOf } from "../api/bodies";
import { pathNames, type Row } from "../api/call";
import { useMay } from "../api/permissions";
import { useAddress } from "./address";
import { Fetched } from "./Failure";
import { type Moment, nextOf, woven } from "./moments";
import { OperationForm } from "./OperationForm";
import { useList, useRefresh } from "./queries";
import { fieldsOf, orderOf, type Resource, resourceOf, type TimelineOf } from "./registry";
import { useShortcut } from "./shortcuts";
import { Value } from "./Value";
import { Waiting } from "./Waiting";
import { useWords } from "./words";
import "./timeline.css";

/** What was done with a record, the newest first, below one line on which the next thing is written down. */
export default function Timeline({ of, row }: { of: TimelineOf; row: Row }) {
  const { t } = useTranslation();
  const may = useMay();
  const strands = of.map(({ resource: name, by }) => {
    const resource = resourceOf(name)!;
    // Whoever shows a timeline makes another one of other lists, so that these hooks stay the same (key).
    const list = useList(resource, orderOf(resource), { by, id: row.id });
    return { resource, by, rows: list.rows, hasMore: list.hasNextPage, list };
  });
  const [first] = strands;
  const moments = woven(strands);
  const failed = strands.find(({ list }) => list.isError)?.list;
  const more = nextOf(strands);
  return (
    <div className="timeline">
      {may(row, first?.resource.create) && <Composer resource={first!.resource} by={first!.by} id={row.id} />}
      {failed && <Fetched of={failed} />}
      {strands.some(({ list }) => list.isLoading) && <Waiting />}
      {first && strands.every(({ list }) => list.isSuccess) && moments.length === 0 && (
        <p className="nothing">{t(`empty.${first.resource.name}`)}</p>
      )}
      <ol aria-label={t("timeline.title")}>
        {moments.map((moment) => (
          <MomentItem key={`${moment.resource.name} ${moment.row.id}`} {...moment} />
        ))}
      </ol>
      {more.length > 0 && (
        <Older
          loading={more.some(({ list }) => list.isFetchingNextPage)}
          failed={failed !== undefined}
          onMore={() => more.forEach(({ list }) => void list.more())}
        />
      )}
    </div>
  );
}

type OlderProps = { loading: boolean; failed: boolean; onMore: () => void };

/** Goes on by itself when one comes near it, unless that has just failed; it is a button for whoever does not scroll. */
function Older({ loading, failed, onMore }: OlderProps) {
  const { t } = useTranslation();
  const place = useRef<HTMLDivElement>(null);
  const more = useRef(onMore);
  more.current = onMore;
  useEffect(() => {
    if (loading || failed) return;
    const watch = new IntersectionObserver((seen) => seen.some((each) => each.isIntersecting) && more.current(), {
      rootMargin: "200px",
    });
    watch.observe(place.current!);
    return () => watch.disconnect();
  }, [loading, failed]);
  return (
    <div ref={place}>
      <Button block onClick={onMore} loading={loading}>
        {t("timeline.older")}
      </Button>
    </div>
  );
}

/** The line on top: the kind, what is to be said, when to be in touch again. */
function Composer({ resource, by, id }: { resource: Resource; by: string; id: string }) {
  const { t } = useTranslation();
  const refresh = useRefresh();
  const { message } = App.useApp();
  const { values, set } = useAddress();
  const [sent, setSent] = useState(0);
  // Whoever asks to write once more is led to the line again.
  const wanted = useLocation().key;
  useShortcut("create", () => set({ write: "1" }, { replace: true, flushSync: true }));
  const operation = resource.create!;
  const inPath = pathNames(operation).includes(by);
  const { kind, next, says } = resource.entry!;
  const fields = bodyOf(operation);
  const asked = [kind, says.at(-1), next].filter((name) => name && name in fields) as string[];
  return (
    <section className="composer" aria-label={t(`new.${resource.name}`)}>
      <OperationForm
        key={`${sent} ${values.write && wanted}`}
        inLine
        operation={operation}
        draft={`${resource.name}.${id}`}
        first={asked}
        focus={sent > 0 || values.write ? says.at(-1) : undefined}
        starts={{ ...(kind && { [kind]: fields[kind]?.enum?.[0] }), ...(!inPath && { [by]: id }) }}
        path={inPath ? { [by]: id } : undefined}
        submit={t("timeline.send")}
        onDone={(_answer, isShown) => {
          if (isShown) setSent(sent + 1);
          else message.success(t("form.saved"));
          void refresh(resource);
        }}
      />
      <span className="unseen" aria-live="polite">
        {sent > 0 && t("form.saved")}
      </span>
    </section>
  );
}

function MomentItem({ resource, row, at, by: owner }: Moment) {
  const { t } = useTranslation();
  const fields = fieldsOf(resource);
  const words = useWords();
  const { at: when, by, kind, facts = [], says, next } = resource.entry!;
  const value = (name: string) => <Value name={name} fields={fields} row={row} tones={resource.tones} inLine />;
  return (
    <li>
      <div className="moment">
        {kind && value(kind)} {value(when)} {value(by)}
        {facts
          // What it is about is said where that is not the record whose page this is.
          .filter((name) => name !== owner && row[name] != null)
          .map((name) => (
            <span key={name}>
              {words.label(name, fields[name])} {value(name)}
            </span>
          ))}
      </div>
      {says.map((name) => typeof row[name] === "string" && <p key={name}>{String(row[name])}</p>)}
      {next && row[next] != null && (
        <p className={isAhead(String(row[next]), at) ? "next" : "next past"}>
          {t("timeline.next")} {value(next)}
        </p>
      )}
    </li>
  );
}

const isAhead = (next: string, at: string) => next > at && next > new Date().toISOString();
