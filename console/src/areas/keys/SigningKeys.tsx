import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { api } from "../../api/client";
import { useAllowed } from "../../api/permissions";
import { Fetched } from "../../resources/Failure";
import { SmallTable } from "../../resources/SmallTable";
import { useConfirm } from "../../resources/useConfirm";
import { useDeed } from "../../resources/useDeed";
import { Waiting } from "../../resources/Waiting";

/** The public halves of the keys that tokens are verified with; whoever may, lets the next one sign, or withdraws one. */
export function Component() {
  const { t } = useTranslation();
  const confirm = useConfirm();
  const allowed = useAllowed();
  const keys = useQuery({
    queryKey: ["signing-keys", "list"],
    queryFn: async ({ signal }) => (await api.GET("/.well-known/jwks.json", { signal })).data!.keys,
  });
  const [rotating, withdrawing] = [useDeed(), useDeed()];
  const withdraw = (id: string) =>
    confirm({
      title: t("keys.sure"),
      okText: t("keys.withdraw"),
      danger: true,
      onOk: () => withdrawing.ask({ operation: "withdraw_signing_key", path: id, done: t("keys.withdrawn") }),
    });
  const columns = [
    { name: "key", label: t("keys.column.key") },
    { name: "algorithm", label: t("keys.column.algorithm") },
    ...(allowed("withdraw_signing_key") ? [{ name: "withdraw", label: t("record.deeds") }] : []),
  ];
  return (
    <>
      <div className="toolbar">
        <h1>{t("nav.signing-keys")}</h1>
        <span className="grow" />
        {allowed("rotate_signing_key") && (
          <Button
            type="primary"
            loading={rotating.isPending}
            onClick={() => rotating.mutate({ operation: "rotate_signing_key", done: t("keys.rotated") })}
          >
            {t("keys.rotate")}
          </Button>
        )}
      </div>
      <p>{t("keys.hint")}</p>
      <Fetched of={keys} />
      {keys.isLoading && <Waiting />}
      {keys.data && (
        <SmallTable
          label={t("nav.signing-keys")}
          columns={columns}
          rows={keys.data.map((key) => ({ id: String(key.kid), key: key.kid, algorithm: key.alg }))}
          cell={(row, name) =>
            name === "withdraw" ? (
              <Button
                size="small"
                danger
                aria-label={t("keys.withdrawNamed", { id: row.id })}
                onClick={() => withdraw(row.id)}
              >
                {t("keys.withdraw")}
              </Button>
            ) : (
              String(row[name])
            )
          }
        />
      )}
    </>
  );
}
