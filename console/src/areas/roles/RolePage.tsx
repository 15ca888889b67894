import { Suspense } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Row } from "../../api/call";
import { useAllowed } from "../../api/permissions";
import { withTexts } from "../../i18n";
import { lazily } from "../../resources/lazily";
import { recordPage } from "../../resources/recordPage";
import { roles } from "../admin";
import { GrantsOf } from "./GrantsOf";

const LimitsOf = lazily(withTexts("conditions", () => import("./LimitsOf")));

/** The role that allows everything, always: the server lets nobody change it. */
const ADMINISTRATOR = "administrator";

/** A role: what it is called, what it allows, and a way to whoever has it. */
export const Component = recordPage(roles, { below: (row) => <Allowed row={row} /> });

function Allowed({ row }: { row: Row }) {
  const { t } = useTranslation();
  const allowed = useAllowed();
  return (
    <>
      {allowed("list_accounts") && (
        <p>
          <Link to={`/accounts?filter[roles][in]=${row.code}`}>{t("permissions.holders")}</Link>
        </p>
      )}
      <GrantsOf resource={roles} row={row} fixed={row.code === ADMINISTRATOR} />
      <Suspense>
        <LimitsOf row={row} fixed={row.code === ADMINISTRATOR} />
      </Suspense>
    </>
  );
}
