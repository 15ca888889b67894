import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { useAllowed } from "../../api/permissions";
import { useRecord } from "../../resources/queries";
import { ResourceRecord } from "../../resources/ResourceRecord";
import { roles } from "../admin";
import { GrantsOf } from "./GrantsOf";

/** The role that allows everything, always: the server lets nobody change it. */
const ADMINISTRATOR = "administrator";

/** A role: what it is called, what it allows, and a way to whoever has it. */
export function Component() {
  const { id = "" } = useParams();
  const { t } = useTranslation();
  const allowed = useAllowed();
  const row = useRecord(roles, id).data;
  return (
    <ResourceRecord
      key={id}
      resource={roles}
      id={id}
      below={
        row && (
          <>
            {allowed("list_accounts") && (
              <p>
                <Link to={`/accounts?filter[roles][in]=${row.code}`}>{t("permissions.holders")}</Link>
              </p>
            )}
            <GrantsOf resource={roles} row={row} fixed={row.code === ADMINISTRATOR} />
          </>
        )
      }
    />
  );
}
