import { useQuery } from "@tanstack/react-query";
import { Select } from "antd";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../../api/client";
import { fullMoment } from "../days";
import { Fetched } from "../Failure";
import { useName } from "../references";
import { resourceOf } from "../registry";
import { Waiting } from "../Waiting";
import { Trace } from "./Trace";
import { useStepName } from "./useStepName";

type Process = { correlation_id: string; at: string; name: string; account_id: string | null };

/** In which processes something was done with a record, and one of them as a picture. */
export default function Processes({ id }: { id: string }) {
  const { t } = useTranslation();
  const field = useId();
  const [chosen, setChosen] = useState<string>();
  const found = useQuery({
    queryKey: ["processes", id],
    queryFn: async ({ signal }) =>
      (await api.GET("/v1/processes", { params: { query: { subject: id } }, signal })).data!,
  });
  if (!found.data) return found.isError ? <Fetched of={found} /> : <Waiting />;
  const items: Process[] = found.data.items;
  const shown = items.find((item) => item.correlation_id === chosen) ?? items[0];
  if (!shown) return <p className="nothing">{t("process.none")}</p>;
  return (
    <>
      <Fetched of={found} />
      <label htmlFor={field}>{t("process.which")}</label>
      <Select
        id={field}
        className="wide"
        value={shown.correlation_id}
        onChange={setChosen}
        options={items.map((item) => ({ value: item.correlation_id, label: <ProcessName item={item} /> }))}
      />
      <Trace id={shown.correlation_id} />
    </>
  );
}

function ProcessName({ item }: { item: Process }) {
  const nameOf = useStepName();
  const who = useName(resourceOf("accounts")!, item.account_id ?? undefined);
  return [fullMoment(item.at), nameOf(item.name), who].filter(Boolean).join(" · ");
}
