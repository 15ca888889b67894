import { Input, type InputRef, Modal } from "antd";
import { type KeyboardEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { useAllowed } from "../api/permissions";
import { offersNow } from "../resources/offers";
import { recordPath } from "../resources/registry";
import { type Command, commandsOf, matching } from "./commands";
import { useOpenPlaces } from "./Navigation";
import { useFound } from "./useFound";
import { useOwnCommands } from "./useOwnCommands";

/** One line to type on: what the page shown offers, places, what can be made, and the records that hold the text. */
export default function Palette({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const input = useRef<InputRef>(null);
  const [text, setText] = useState("");
  const allowed = useAllowed();
  const open = useOpenPlaces().flatMap((place) => place.below ?? [place]);
  // What the page offers is asked once: the palette lies above it.
  const [offers] = useState(() => offersNow().map(({ name, run }) => ({ key: name, label: name, also: [], run })));
  const commands = [...offers, ...commandsOf(t, open, allowed), ...useOwnCommands()];
  const found = useFound(text);
  const shown = matching(commands, text);
  return (
    // Where nothing moves the window takes the focus after the input has asked for it.
    <Modal
      open
      title={t("search.everything")}
      footer={null}
      onCancel={onClose}
      afterOpenChange={() => input.current?.focus()}
    >
      <search onKeyDown={step}>
        <Input
          ref={input}
          type="search"
          autoFocus
          aria-label={t("search.anything")}
          placeholder={t("search.anything")}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        {shown.length > 0 && (
          <section className="found">
            <h2>{t("palette.commands")}</h2>
            <ul className="plain">
              {shown.map((command) => (
                <CommandLine key={command.key} command={command} onDone={onClose} />
              ))}
            </ul>
          </section>
        )}
        <div aria-live="polite">
          {found.error && <p>{found.error.message || t("error.hint")}</p>}
          {found.isEmpty && shown.length === 0 && <p>{t("search.nothing")}</p>}
        </div>
        {found.sections.map(({ resource, section }) => (
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

function CommandLine({ command, onDone }: { command: Command; onDone: () => void }) {
  const navigate = useNavigate();
  const run = () => {
    onDone();
    if (command.to) navigate(command.to);
    command.run?.();
  };
  return (
    <li>
      <button type="button" onClick={run}>
        {command.label}
      </button>
    </li>
  );
}

/** The arrow keys go from the input through the lines and back; Enter in the input takes the first line. */
function step(event: KeyboardEvent<HTMLElement>) {
  if (event.nativeEvent.isComposing) return;
  const lines = [...event.currentTarget.querySelectorAll<HTMLElement>(".found a, .found button")];
  const input = event.currentTarget.querySelector("input")!;
  if (event.key === "Enter" && event.target === input) {
    // What it opens may have the focus at once, and is not to be pressed by the same key.
    event.preventDefault();
    lines[0]?.click();
  }
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!by) return;
  const stops = [input, ...lines];
  event.preventDefault();
  stops[stops.indexOf(document.activeElement as HTMLElement) + by]?.focus();
}
