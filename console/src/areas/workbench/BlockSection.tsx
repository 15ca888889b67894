import { Alert, Button } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Row } from "../../api/call";
import { useAllowed } from "../../api/permissions";
import { useDay } from "../../resources/days";
import { fieldsOf, type Resource, recordPath, titleOf } from "../../resources/registry";
import { Value } from "../../resources/Value";
import { Waiting } from "../../resources/Waiting";
import { allOf, type Block } from "./blocks";
import { Clock } from "./Clock";
import { useBlock } from "./useBlock";

/** One short list with the way to all of it. Where its service is away it says so, and the others go on. */
export function BlockSection({ block }: { block: Block }) {
  const { t } = useTranslation();
  const day = useDay();
  const { resource, allowed, rows, total, error, isLoading, refetch } = useBlock(block);
  if (!allowed) return null;
  const name = t(`workbench.${block.name}.title`);
  return (
    <section className="block" aria-label={name}>
      <h2>
        {name} {total !== undefined && <span className="count">{total}</span>}
      </h2>
      {isLoading && <Waiting />}
      {error ? (
        <Alert
          type="warning"
          showIcon
          title={t("workbench.away")}
          action={
            <Button size="small" onClick={() => void refetch()}>
              {t("error.again")}
            </Button>
          }
        />
      ) : (
        total === 0 && <NothingWaits block={block} />
      )}
      <ul className="plain">
        {rows.map((row) => (
          <BlockRow key={row.id} block={block} resource={resource} row={row} />
        ))}
      </ul>
      {total !== undefined && total > 0 && (
        <Link to={allOf(block, day)}>{t("workbench.all", { count: total, name })}</Link>
      )}
    </section>
  );
}

export function BlockRow({ block, resource, row }: { block: Block; resource: Resource; row: Row }) {
  const day = useDay();
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
      {t(`workbench.${block.name}.empty`)}{" "}
      {allowed(block.next.needs) && <Link to={block.next.to}>{t(`workbench.${block.name}.next`)}</Link>}
    </p>
  );
}
