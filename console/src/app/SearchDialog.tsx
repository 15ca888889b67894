import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Input, Modal } from "antd";
import { type KeyboardEvent, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { api } from "../api/client";
import { recordPath, resourceOf } from "../resources/registry";

const FEWEST = 2;
const PAUSE_MS = 250;

/** What was found of each noun, to be gone through by the arrow keys; its own list has the rest. */
export default function SearchDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const [asked, setAsked] = useState("");
  useEffect(() => {
    const soon = setTimeout(() => setAsked(text.trim()), PAUSE_MS);
    return () => clearTimeout(soon);
  }, [text]);
  const found = useQuery({
    queryKey: ["search", asked],
    queryFn: async ({ signal }) => (await api.GET("/v1/search", { params: { query: { q: asked } }, signal })).data!,
    enabled: asked.length >= FEWEST,
    placeholderData: keepPreviousData,
  });
  const sections = Object.entries(asked.length >= FEWEST ? (found.data ?? {}) : {}).flatMap(([name, section]) => {
    const resource = resourceOf(name);
    return resource && (section.items.length > 0 || section.status === "unavailable") ? [{ resource, section }] : [];
  });
  return (
    <Modal open title={t("search.everything")} footer={null} onCancel={onClose}>
      <search onKeyDown={step}>
        <Input
          type="search"
          autoFocus
          aria-label={t("search.anything")}
          placeholder={t("search.anything")}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <div aria-live="polite">
          {found.isError && <p>{found.error.message || t("error.hint")}</p>}
          {found.isSuccess && asked.length >= FEWEST && sections.length === 0 && <p>{t("search.nothing")}</p>}
        </div>
        {sections.map(({ resource, section }) => (
          <section key={resource.name} className="found">
            <h2>{t(`nav.${resource.name}`)}</h2>
            {section.status === "unavailable" && <p>{t("search.unavailable")}</p>}
            <ul className="plain">
              {section.items.map((item) => (
                <li key={item.id}>
                  <Link to={recordPath(resource, item.id)} onClick={onClose}>
                    {item.title} <small>{[item.number, item.detail].filter(Boolean).join(" · ")}</small>
                  </Link>
                </li>
              ))}
            </ul>
          </section>
        ))}
      </search>
    </Modal>
  );
}

/** The arrow keys go from the input through the links and back. */
function step(event: KeyboardEvent<HTMLElement>) {
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!by) return;
  const stops = [...event.currentTarget.querySelectorAll<HTMLElement>("input, a")];
  event.preventDefault();
  stops[stops.indexOf(document.activeElement as HTMLElement) + by]?.focus();
}
