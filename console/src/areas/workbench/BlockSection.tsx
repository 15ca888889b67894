import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Row } from "../../api/call";
import { useAllowed } from "../../api/permissions";
import type { Day } from "../../resources/days";
import { Failure } from "../../resources/Failure";
import { fieldsOf, type Resource, recordPath, titleOf } from "../../resources/registry";
import { Value } from "../../resources/Value";
import { Waiting } from "../../resources/Waiting";
import { allOf, type Block, QUIET_DAYS } from "./blocks";
import { Clock } from "./Clock";
import { useBlock } from "./useBlock";

/** One short list with the way to all of it. Where its service is away it says so, and the others go on. */
export function BlockSection({ block, day }: { block: Block; day: Day }) {
  const { t } = useTranslation();
  const { resource, allowed, rows, total, error, isLoading, refetch } = useBlock(block, day);
  if (!allowed) return null;
  const name = t(`workbench.${block.name}.title`);
  return (
    <section className="block" aria-label={name}>
      <h2>
        {name} {total !== undefined && <span className="count">{total}</span>}
      </h2>
      {isLoading && <Waiting />}
      {error ? <Failure error={error} onRetry={refetch} /> : total === 0 && <NothingWaits block={block} />}
      <ul className="plain">
        {rows.map((row) => (
          <BlockRow key={row.id} block={block} resource={resource} row={row} day={day} />
        ))}
      </ul>
      {total !== undefined && total > 0 && (
        <Link to={allOf(block, day)}>{t("workbench.all", { count: total, name })}</Link>
      )}
    </section>
  );
}

type RowProps = { block: Block; resource: Resource; row: Row; day: Day };

function BlockRow({ block, resource, row, day }: RowProps) {
  const fields = fieldsOf(resource);
  return (
    <li>
      <div>
        <Link to={block.leads?.(row) ?? recordPath(resource, row.id)}>{titleOf(resource, row)}</Link>
        {block.clock && <Clock counts={block.clock.counts} value={block.clock.of(row)} day={day} />}
      </div>
      <div className="facts">
        {block.facts
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
