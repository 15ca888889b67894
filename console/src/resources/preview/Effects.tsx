import { useQuery } from "@tanstack/react-query";
import { Alert, Modal } from "antd";
import { useTranslation } from "react-i18next";
import { call } from "../../api/call";
import { Fetched } from "../Failure";
import { useCalled } from "../permissions/catalogue";
import { Waiting } from "../Waiting";
import type { Change } from "./changes";
import "./preview.css";

type Counted = { count: number; more: boolean; samples: { id: string; title: string }[] };
type Noun = { noun: string; level: string; gains: Counted; loses: Counted };
type Person = { account_id: string; display_name: string; nouns: Noun[] };
type Answer = { people: Person[]; looked_at: number; left_out: number; unavailable: string[] };

/** Who would gain and lose which records by a change that has not been made. */
export default function Effects({ change, onClose }: { change: Change; onClose: () => void }) {
  const { t } = useTranslation();
  const effects = useQuery({
    queryKey: ["preview", change],
    queryFn: ({ signal }) => call<Answer>("preview_access_change", { body: { change }, signal }),
    // Whatever is saved meanwhile may change the answer.
    gcTime: 0,
  });
  return (
    <Modal open className="effects" title={t("preview.title")} footer={null} onCancel={onClose}>
      <Fetched of={effects} />
      {effects.isLoading && <Waiting />}
      {effects.data && <Told {...effects.data} />}
    </Modal>
  );
}

function Told({ people, looked_at, left_out, unavailable }: Answer) {
  const { t } = useTranslation();
  const called = useCalled();
  const names = unavailable.map(called.service).join(t("preview.and"));
  return (
    <>
      {unavailable.length > 0 && <Alert type="warning" showIcon title={t("preview.unavailable", { names })} />}
      {people.length === 0 && <p>{t("preview.nothing")}</p>}
      {people.map((person) => (
        <section key={person.account_id}>
          <h2>{person.display_name}</h2>
          <ul aria-label={person.display_name}>
            {person.nouns.map((each) => (
              <Lines key={`${each.noun} ${each.level}`} {...each} />
            ))}
          </ul>
        </section>
      ))}
      <p className="nothing">{t("preview.compared", { count: looked_at })}</p>
      {left_out > 0 && <p className="nothing">{t("preview.leftOut", { count: left_out })}</p>}
    </>
  );
}

function Lines({ noun, level, gains, loses }: Noun) {
  return (
    <>
      <Line noun={noun} level={level} of={gains} way="gains" />
      <Line noun={noun} level={level} of={loses} way="loses" />
    </>
  );
}

function Line({ noun, level, of, way }: { noun: string; level: string; of: Counted; way: "gains" | "loses" }) {
  const { t } = useTranslation();
  const called = useCalled();
  if (of.count === 0) return null;
  const names = of.samples.map(({ title }) => title).join(t("preview.and"));
  const said = t(`preview.${way}.${level}`, { noun: called.noun(noun), count: of.count, over: of.more ? "+" : "" });
  return (
    <li>
      <span className={`tag ${way === "gains" ? "success" : "warning"}`}>{t(`preview.${way}.tag`)}</span> {said}
      {names && <span className="samples"> {t("preview.such", { names })}</span>}
    </li>
  );
}
