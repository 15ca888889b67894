import { useQuery } from "@tanstack/react-query";
import { Button, Form } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { call, type Page } from "../api/call";
import { useAllowed } from "../api/permissions";
import { whyOf } from "./refusals";
import { fieldsOf, type LookUp, recordPath, resourceOf, titleOf } from "./registry";
import { isEnough, isTooLong } from "./searching";
import { useSettled } from "./useSettled";
import { Value } from "./Value";
import "./alike.css";

/** One searches when the name is whole, and not at each letter: whoever searches has so many searches an hour. */
const PAUSE_MS = 700;
const MOST = 5;
type Lookalike = { name: string; id?: string; number?: string; owner_name?: string | null; status?: string };
type Found = { items: Lookalike[]; more: boolean };

/** Two Chinese characters or three others, as the API asks. */
export const isLookedFor = (text: string) => isEnough(text, 2, 3) && !isTooLong(text);

/** Who is there already like the one that is being typed, below its field and before it is saved. */
export function LookAlikes(look: LookUp) {
  const { t } = useTranslation();
  const { resource: name, into } = look;
  const form = Form.useFormInstance();
  const typed = String(Form.useWatch(look.by, form) ?? look.said ?? "").trim();
  const asked = useSettled(isLookedFor(typed) ? typed : "", PAUSE_MS);
  const found = useFound(look, asked);
  const items = asked === "" ? [] : (found.data?.items ?? []);
  const title = t("alike.title", { noun: t(`nav.${name}`) });
  return (
    <div aria-live="polite">
      {found.isError && asked !== "" && <p className="alike">{whyOf(found.error) || t("alike.notSearched")}</p>}
      {items.length > 0 && (
        <section className="alike" aria-label={title}>
          <h2>{title}</h2>
          <p>{t(into ? "alike.choose" : "alike.look")}</p>
          <ul>
            {items.slice(0, MOST).map((item, index) => (
              <li key={item.id ?? index}>
                <AlikeItem item={item} look={look} />
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

/** Asks the noun's search before creation, or its list by a filter: that one has only what one may see. */
function useFound({ resource: name, filter }: LookUp, asked: string) {
  const resource = resourceOf(name)!;
  const operation = filter ? resource.list : resource.lookup!;
  const allowed = useAllowed()(operation);
  return useQuery({
    queryKey: ["alike", name, filter, asked],
    queryFn: async ({ signal }): Promise<Found> => {
      if (!filter) return call<Found>(operation, { query: { name: asked }, signal });
      const page = await call<Page>(operation, { query: { [filter]: asked, limit: MOST }, signal });
      return { items: page.items.map((row) => ({ ...row, name: titleOf(resource, row) })), more: page.next != null };
    },
    enabled: allowed && asked !== "",
    // Each look counts: no news of the noun and no failure asks for another one.
    staleTime: 60_000,
    retry: false,
    refetchInterval: false,
    refetchOnWindowFocus: false,
  });
}

/** One that may be looked at is a link, which opens beside the form; of another one only that it is there is said. */
function AlikeItem({ item, look }: { item: Lookalike; look: LookUp }) {
  const { t } = useTranslation();
  const resource = resourceOf(look.resource)!;
  const fields = fieldsOf(resource);
  const value = (name: string) => (
    <Value key={name} name={name} fields={fields} row={{ id: "", ...item }} tones={resource.tones} inLine />
  );
  if (!item.id)
    return (
      <span>
        {item.name} · {item.owner_name ? t("alike.owner", { name: item.owner_name }) : t("alike.somebody")}
      </span>
    );
  return (
    <span className="alike-item">
      <Link to={recordPath(resource, item.id)} target="_blank">
        {item.name}
      </Link>
      {item.number && <span>{item.number}</span>}
      {item.owner_name && <span>{t("alike.owner", { name: item.owner_name })}</span>}
      {look.facts?.map(value)}
      {resource.status && item.status && value(resource.status)}
    </span>
  );
}
