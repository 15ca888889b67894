import { ArrowDownOutlined, ArrowUpOutlined } from "@ant-design/icons";
import { draggable, dropTargetForElements } from "@atlaskit/pragmatic-drag-and-drop/element/adapter";
import { Button, Checkbox, Input } from "antd";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { reachable } from "../../resources/reachable";
import type { Term } from "../../resources/terms";
import { useDeed } from "../../resources/useDeed";
import { said } from "../../resources/words";

type Props = {
  dictionary: string;
  version: number;
  terms: Term[];
  /** The position of the last term that there is, shown or not. */
  last: number;
  may: boolean;
  onEdit: (term: Term) => void;
};

const SAID = ["position", "zh", "en", "code", "remark", "state"];

/** The terms in their order: moved by dragging or by keys, taken out of use one by one or many at once. */
export function Terms({ dictionary, version, terms, last, may, onEdit }: Props) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState<string[]>([]);
  const table = useRef<HTMLTableElement>(null);
  const deed = useDeed(() => setChosen([]));
  const { move, isMoving } = useMoves(dictionary, version, deed.ask);
  const use = (ids: string[], active: boolean) =>
    deed.mutate({
      operation: "use_terms",
      path: dictionary,
      version,
      body: { term_ids: ids, active },
      done: t("dictionaries.saved"),
    });
  const dropped = useRef(move);
  dropped.current = move;
  const shown = terms.map((term) => `${term.id} ${term.position}`).join();
  useEffect(() => {
    if (!may || !table.current) return;
    const rows = [...table.current.querySelectorAll<HTMLElement>("tbody tr")];
    const ends = rows.flatMap((row) => [
      draggable({ element: row, getInitialData: () => ({ term: row.dataset.rowKey }) }),
      dropTargetForElements({
        element: row,
        onDrop: ({ source }) => dropped.current(String(source.data.term), Number(row.dataset.position)),
      }),
    ]);
    return () => {
      for (const end of ends) end();
    };
  }, [may, shown]);
  if (terms.length === 0) return <p className="nothing">{t("dictionaries.none")}</p>;
  const known = chosen.filter((id) => terms.some((term) => term.id === id));
  const row = { move, use, onEdit, last, may, busy: deed.isPending || isMoving };
  return (
    <section className="parts" aria-label={t("nav.dictionaries")} ref={reachable}>
      {may && <p className="nothing">{t("dictionaries.dragHint")}</p>}
      <table ref={table}>
        <thead>
          <tr>
            {(may ? ["chosen", ...SAID, "deeds"] : SAID).map((name) => (
              <th key={name} scope="col">
                {t(`dictionaries.${name}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {terms.map((term) => (
            <TermRow
              key={term.id}
              term={term}
              {...row}
              isChosen={known.includes(term.id)}
              onChoose={(yes) => setChosen(yes ? [...known, term.id] : known.filter((id) => id !== term.id))}
            />
          ))}
        </tbody>
      </table>
      {known.length > 0 && (
        <p>
          <Button danger onClick={() => use(known, false)}>
            {t("dictionaries.retireMany", { count: known.length })}
          </Button>{" "}
          <Button onClick={() => use(known, true)}>{t("dictionaries.restoreMany", { count: known.length })}</Button>
        </p>
      )}
    </section>
  );
}

/** Moves terms one after the other: what is asked for before the list has been read anew is done when it has. */
function useMoves(dictionary: string, version: number, ask: ReturnType<typeof useDeed>["ask"]) {
  const [movedAt, setMovedAt] = useState<number>();
  const [next, setNext] = useState<{ id: string; position: number }>();
  const isMoving = movedAt === version;
  const send = useRef(ask);
  send.current = ask;
  useEffect(() => {
    if (next === undefined || isMoving) return;
    setNext(undefined);
    setMovedAt(version);
    const path = { key: dictionary, term_id: next.id };
    void send.current({ operation: "update_term", path, version, body: { position: next.position } }).then((answer) => {
      if (answer === undefined) setMovedAt(undefined);
    });
  }, [next, isMoving, dictionary, version]);
  return { isMoving, move: (id: string, position: number) => setNext({ id, position }) };
}

type RowProps = Pick<Props, "may" | "last" | "onEdit"> & {
  term: Term;
  busy: boolean;
  isChosen: boolean;
  onChoose: (yes: boolean) => void;
  move: (id: string, position: number) => void;
  use: (ids: string[], active: boolean) => void;
};

function TermRow({ term, may, last, busy, isChosen, onChoose, move, use, onEdit }: RowProps) {
  const { t, i18n } = useTranslation();
  const { id, position, label, active } = term;
  const name = said(i18n.language, label, term.code);
  const named = (what: string) => t(`dictionaries.${what}Named`, { name });
  const cell = (column: string, value: React.ReactNode) => <td data-label={t(`dictionaries.${column}`)}>{value}</td>;
  return (
    <tr data-row-key={id} data-position={position}>
      {may &&
        cell(
          "chosen",
          <Checkbox
            aria-label={named("select")}
            checked={isChosen}
            onChange={(event) => onChoose(event.target.checked)}
          />,
        )}
      {cell(
        "position",
        may ? <Place position={position} label={named("to")} onMove={(to) => move(id, to)} /> : position,
      )}
      {cell("zh", label.zh)}
      {cell("en", label.en)}
      {cell("code", term.code)}
      {cell("remark", term.remark)}
      {cell(
        "state",
        <span className={`tag ${active ? "success" : "default"}`}>
          {t(`dictionaries.${active ? "inUse" : "outOfUse"}`)}
        </span>,
      )}
      {may &&
        cell(
          "deeds",
          <>
            <Button
              size="small"
              icon={<ArrowUpOutlined />}
              aria-label={named("up")}
              disabled={busy || position === 1}
              onClick={() => move(id, position - 1)}
            />{" "}
            <Button
              size="small"
              icon={<ArrowDownOutlined />}
              aria-label={named("down")}
              disabled={busy || position === last}
              onClick={() => move(id, position + 1)}
            />{" "}
            <Button size="small" aria-label={named("edit")} onClick={() => onEdit(term)}>
              {t("dictionaries.edit")}
            </Button>{" "}
            <Button
              size="small"
              danger={active}
              disabled={busy}
              aria-label={named(active ? "retire" : "restore")}
              onClick={() => use([id], !active)}
            >
              {t(active ? "dictionaries.retire" : "dictionaries.restore")}
            </Button>
          </>,
        )}
    </tr>
  );
}

/** The position of a term, which is moved to another by Enter. */
function Place({ position, label, onMove }: { position: number; label: string; onMove: (to: number) => void }) {
  const [text, setText] = useState<string>();
  const to = Number(text);
  const isPlace = text !== undefined && Number.isInteger(to) && to >= 1 && to !== position;
  return (
    <Input
      size="small"
      className="place"
      inputMode="numeric"
      aria-label={label}
      value={text ?? String(position)}
      onChange={(event) => setText(event.target.value)}
      onBlur={() => setText(undefined)}
      onPressEnter={() => isPlace && onMove(to)}
    />
  );
}
