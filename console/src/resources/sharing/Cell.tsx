import { useTranslation } from "react-i18next";
import type { Row } from "../../api/call";
import { type Fields, schemas } from "../../api/meta";
import { Value } from "../Value";
import { type Principal, usePrincipal } from "./principals";

function Named({ of }: { of: Principal }) {
  return usePrincipal(of);
}

/** Who is meant by what was given: a principal of some kind, or an account. */
export function Whom({ of, by }: { of: Row; by: string }) {
  return by === "to" ? <Named of={of.to as Principal} /> : <Value name={by} fields={schemas.Member!} row={of} inLine />;
}

/** What those are called who are meant. */
export const useWhom = (of: Row, by: string) =>
  usePrincipal(by === "to" ? (of.to as Principal) : { kind: "account", id: String(of[by]) });

/** What one of those says who may see a record: some of its fields stand together. */
export function Cell({ name, fields, row }: { name: string; fields: Fields; row: Row }) {
  const { t } = useTranslation();
  if (name === "to") return <Whom of={row} by="to" />;
  if (name === "security") return `${row.security_from}–${row.security_to}`;
  if (name === "granted")
    return (
      <span>
        <Value name="granted_by" fields={fields} row={row} inLine />{" "}
        <Value name="granted_at" fields={fields} row={row} inLine />
      </span>
    );
  const isOver = name === "until" && row.until != null && new Date(String(row.until)) < new Date();
  return (
    <span>
      <Value name={name} fields={fields} row={row} inLine /> {isOver && <b>{t("sharing.over")}</b>}
    </span>
  );
}
