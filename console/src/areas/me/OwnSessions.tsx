import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { call, type Row } from "../../api/call";
import { schemas } from "../../api/meta";
import { browserOf } from "../../resources/browsers";
import { Fetched } from "../../resources/Failure";
import { SmallTable } from "../../resources/SmallTable";
import { useDeed } from "../../resources/useDeed";
import { Value } from "../../resources/Value";
import { Waiting } from "../../resources/Waiting";
import { useWords } from "../../resources/words";

const COLUMNS = ["user_agent", "client_address", "created_at", "last_seen_at", "current"];

/** Where one is signed in: whoever finds a place that they do not know signs out there. */
export function OwnSessions() {
  const { t } = useTranslation();
  const words = useWords();
  const deed = useDeed();
  const fields = schemas.OwnSession!;
  const sessions = useQuery({
    queryKey: ["own-sessions", "list"],
    queryFn: ({ signal }) => call<{ items: Row[] }>("list_own_sessions", { signal }),
  });
  const end = (session: Row) => deed.mutate({ operation: "end_own_session", path: session.id, done: t("me.ended") });
  const cell = (session: Row, column: string) => {
    if (column !== "current") return <Value name={column} fields={fields} row={session} inLine />;
    // Here one signs out by the menu of one's name, which ends the page too.
    if (session.current) return <span className="tag success">{words.label(column, fields[column])}</span>;
    const name = browserOf(String(session.user_agent)) || "—";
    return (
      <Button size="small" aria-label={t("me.endNamed", { name })} onClick={() => end(session)}>
        {t("me.end")}
      </Button>
    );
  };
  return (
    <section className="apart" aria-labelledby="sessions">
      <h2 id="sessions">{t("me.sessions")}</h2>
      <p className="nothing">{t("me.sessionsHint")}</p>
      <Fetched of={sessions} />
      {sessions.isLoading && <Waiting />}
      {sessions.data && (
        <SmallTable
          label={t("me.sessions")}
          columns={COLUMNS.map((name) => ({
            name,
            label: name === "current" ? t("record.deeds") : words.label(name, fields[name]),
          }))}
          rows={sessions.data.items}
          cell={cell}
        />
      )}
    </section>
  );
}
