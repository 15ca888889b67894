import { useQuery } from "@tanstack/react-query";
import { Button, Form } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { call } from "../api/call";
import { useAllowed } from "../api/permissions";
import { fieldsOf, type LookUp, recordPath, resourceOf } from "./registry";
import { useSettled } from "./useSettled";
import { Value } from "./Value";
import "./alike.css";

/** One searches when the name is whole, and not at each letter: whoever searches has so many searches an hour. */
const PAUSE_MS = 700;
const MOST = 5;
type Lookalike = { name: string; id?: string; number?: string; owner_name?: string | null; status?: string };
type Found = { items: Lookalike[]; more: boolean };

/** Whether a text is enough to look for: two Chinese characters or three others, as the API asks. */
export const isEnough = (text: string) =>
  (text.match(/\p{Script=Han}/gu)?.length ?? 0) >= 2 || text.replaceAll(/\s/g, "").length >= 3;

/** Who is there already under a name like the one that is being typed, beside the form and before it is saved. */
export function LookAlikes({ resource: name, by, said, into }: LookUp) {
  const { t } = useTranslation();
  const form = Form.useFormInstance();
  const typed = String(Form.useWatch(by, form) ?? said ?? "").trim();
  const asked = useSettled(isEnough(typed) ? typed : "", PAUSE_MS);
  const resource = resourceOf(name)!;
  const lookup = resource.lookup!;
  const allowed = useAllowed()(lookup);
  const found = useQuery({
    queryKey: ["alike", name, asked],
    queryFn: ({ signal }) => call<Found>(lookup, { query: { name: asked }, signal }),
    enabled: allowed && asked !== "",
    // Each look counts: no news of the noun and no failure asks for another one.
    staleTime: 60_000,
    retry: false,
    refetchInterval: false,
    refetchOnWindowFocus: false,
  });
  const items = asked === "" ? [] : (found.data?.items ?? []);
  return (
    <div aria-live="polite">
      {found.isError && asked !== "" && <p className="alike">{found.error.message || t("alike.notSearched")}</p>}
      {items.length > 0 && (
        <section className="alike" aria-label={t("alike.title")}>
          <h2>{t("alike.title")}</h2>
          <p>{t(into ? "alike.choose" : "alike.look")}</p>
          <ul>
            {items.slice(0, MOST).map((item, index) => (
              <li key={item.id ?? index}>
                <AlikeItem item={item} name={name} />
                {into && item.id && (
                  <Button size="small" onClick={() => form.setFieldValue(into, item.id)}>
                    {t("alike.take", { name: item.name })}
                  </Button>
                )}
              </li>
            ))}
          </ul>
          {(found.data?.more || items.length > MOST) && <p>{t("alike.more")}</p>}
        </section>
      )}
    </div>
  );
}

/** One that may be looked at is a link, which opens beside the form; of another one only that it is there is said. */
function AlikeItem({ item, name }: { item: Lookalike; name: string }) {
  const { t } = useTranslation();
  const resource = resourceOf(name)!;
  const status = item.status && (
    <Value
      name={resource.status!}
      fields={fieldsOf(resource)}
      row={{ id: "", ...item }}
      tones={resource.tones}
      inLine
    />
  );
  if (!item.id)
    return (
      <span>
        {item.name} · {item.owner_name ? t("alike.owner", { name: item.owner_name }) : t("alike.somebody")}
      </span>
    );
  return (
    <span>
      <Link to={recordPath(resource, item.id)} target="_blank">
        {item.name}
      </Link>{" "}
      {[item.number, item.owner_name && t("alike.owner", { name: item.owner_name })].filter(Boolean).join(" · ")}{" "}
      {status}
    </span>
  );
}
