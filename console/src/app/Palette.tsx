import { Input, type InputRef, Modal } from "antd";
import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { whyOf } from "../resources/refusals";
import { LONGEST } from "../resources/searching";
import { ARROWS } from "../resources/shortcuts";
import { composes } from "../resources/typing";
import { type Group, type Line, useLines } from "./useLines";

/**
 * One line to type on, and below it what that may mean. The first line is chosen, the arrow keys choose another one, and
 * Enter takes it. Enter before the records are found waits for them.
 */
export default function Palette({ deeds, onClose }: { deeds: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const id = useId();
  const input = useRef<InputRef>(null);
  const [text, setText] = useState("");
  const [chosen, setChosen] = useState<string>();
  const [hurried, setHurried] = useState(false);
  const { groups, lines, isPending, error, isTooLong, isEmpty, offersNothing } = useLines(text, deeds);
  const active = lines.find(({ key }) => key === chosen) ?? lines[0];
  const idOf = (line: Line) => `${id}-${lines.indexOf(line)}`;
  const optionOf = (line?: Line) => line && document.getElementById(idOf(line));
  useEffect(() => {
    if (hurried) optionOf(active)?.click();
    if (!isPending) setHurried(false);
  }, [hurried, isPending]);
  useEffect(() => void optionOf(active)?.scrollIntoView({ block: "nearest" }), [active?.key]);
  const press = (event: KeyboardEvent) => {
    if (composes(event.nativeEvent)) return;
    const by = ARROWS[event.key];
    if (by) setChosen(lines[lines.indexOf(active!) + by]?.key ?? active?.key);
    else if (event.key !== "Enter") return;
    else if (active) optionOf(active)?.click();
    else setHurried(isPending);
    // What it opens may have the focus at once, and is not to be pressed by the same key.
    event.preventDefault();
  };
  const label = t(deeds ? "palette.deeds" : "search.anything");
  return (
    // Where nothing moves the window takes the focus after the input has asked for it.
    <Modal
      open
      title={t(deeds ? "palette.deeds" : "search.everything")}
      footer={null}
      onCancel={onClose}
      afterOpenChange={() => input.current?.focus()}
    >
      <search>
        <Input
          ref={input}
          autoFocus
          role="combobox"
          aria-expanded={lines.length > 0}
          aria-controls={`${id}-lines`}
          aria-activedescendant={active && idOf(active)}
          aria-autocomplete="list"
          aria-label={label}
          placeholder={label}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setChosen(undefined);
            setHurried(false);
          }}
          onKeyDown={press}
        />
        <div id={`${id}-lines`} role="listbox" aria-label={label} aria-busy={isPending}>
          {groups.map((group) => (
            <GroupOfLines key={group.name} group={group} active={active} idOf={idOf} onDone={onClose} />
          ))}
        </div>
        <div aria-live="polite">
          {isPending && <p>{t("loading")}</p>}
          {error && <p>{whyOf(error) || t("error.hint")}</p>}
          {isTooLong && <p>{t("list.tooLong", { count: LONGEST })}</p>}
          {isEmpty && <p>{t(offersNothing ? "palette.none" : "search.nothing")}</p>}
          {groups.map(({ name, isAway }) => isAway && <p key={name}>{`${name}: ${t("search.unavailable")}`}</p>)}
        </div>
      </search>
    </Modal>
  );
}

type Lines = { group: Group; active?: Line; idOf: (line: Line) => string; onDone: () => void };

function GroupOfLines({ group, active, idOf, onDone }: Lines) {
  const run = (line: Line) => {
    onDone();
    line.run?.();
  };
  if (group.lines.length === 0) return null;
  return (
    <fieldset aria-label={group.name} className="found">
      <p aria-hidden>{group.name}</p>
      {group.lines.map((line) => {
        const option = { id: idOf(line), role: "option", "aria-selected": line === active, tabIndex: -1 };
        return line.to ? (
          <Link key={line.key} {...option} to={line.to} onClick={onDone}>
            {line.label} {line.detail && <small>{line.detail}</small>}
          </Link>
        ) : (
          <button key={line.key} {...option} type="button" onClick={() => run(line)}>
            {line.label}
          </button>
        );
      })}
    </fieldset>
  );
}
