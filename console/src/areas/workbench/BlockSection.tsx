import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useAllowed } from "../../api/permissions";
import type { Day } from "../../resources/days";
import { Fetched } from "../../resources/Failure";
import { fieldsOf, recordPath, titleOf } from "../../resources/registry";
import { Value } from "../../resources/Value";
import { Waiting } from "../../resources/Waiting";
import { allOf, type Block, QUIET_DAYS } from "./blocks";
import { Clock } from "./Clock";
import { type Line, useBlock } from "./useBlock";

/** One short list with the way to all of it. Where its service is away it says so, and the others go on. */
export function BlockSection({ block, day }: { block: Block; day: Day }) {
  const { t } = useTranslation();
  const { allowed, parts, lines, total, isEmpty, isLoading, failed } = useBlock(block, day);
  if (!allowed) return null;
  const name = t(`workbench.${block.name}.title`);
  return (
    <section className="block" aria-label={name}>
      <h2>
        {name} {(isEmpty || Boolean(total)) && <span className="count">{total}</span>}
      </h2>
      {isLoading && <Waiting />}
      {failed && <Fetched of={failed} />}
      {isEmpty && <NothingWaits block={block} />}
      <ul className="plain">
        {lines.map((line) => (
          <BlockRow key={`${line.resource.name} ${line.row.id}`} block={block} line={line} day={day} />
        ))}
      </ul>
      {parts
        .filter(({ total: count }) => Boolean(count))
        .map(({ source, total: count }) => (
          <Link key={source.called ?? name} className="all" to={allOf(source, day)}>
            {t("workbench.all", { count, name: source.called ? t(source.called) : name })}
          </Link>
        ))}
    </section>
  );
}

type RowProps = { block: Block; line: Line; day: Day };

function BlockRow({ block: { clock }, line: { source, resource, row }, day }: RowProps) {
  const fields = fieldsOf(resource);
  return (
    <li>
      <div>
        <Link to={source.leads?.(row) ?? recordPath(resource, row.id)}>{titleOf(resource, row)}</Link>
        <Clock counts={clock.counts} value={clock.of(row)} day={day} />
      </div>
      <div className="facts">
        {source.facts
          .filter((name) => row[name] != null && row[name] !== "")
          .map((name) => (
            <Value key={name} name={name} fields={fields} row={row} tones={resource.tones} inLine />
          ))}
      </div>
    </li>
  );
}

function NothingWaits({ block }: { block: Block }) {
  const { t } = useTranslation();
  const allowed = useAllowed();
  return (
    <p className="nothing">
      {t(`workbench.${block.name}.empty`, { days: QUIET_DAYS })}{" "}
      {allowed(block.next.needs) && <Link to={block.next.to}>{t(`workbench.${block.name}.next`)}</Link>}
    </p>
  );
}
