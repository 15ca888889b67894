import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { call, type Page, type Row } from "../../api/call";
import { useAllowed } from "../../api/permissions";
import { RecordLink } from "../../resources/RecordLink";
import { resourceOf } from "../../resources/registry";
import ApprovalPicture from "./ApprovalPicture";

/**
 * The last approval of a record, on its page, with the way to where it is decided, taken back or reminded of. What is
 * asked for more than once in a record's life is shown while it waits, and where it was refused.
 */
export default function RecordApproval({ row }: { row: Row }) {
  const { t } = useTranslation();
  const mayAsk = useAllowed()("list_approvals");
  const { data: last } = useQuery({
    queryKey: ["approvals", "about", row.id, row.version],
    queryFn: async ({ signal }) => {
      const query = { "filter[subject_id]": row.id, sort: "-created_at", limit: 1 };
      const [found] = (await call<Page>("list_approvals", { query, signal })).items;
      return found ? call("get_approval", { path: found.id, signal }) : null;
    },
    enabled: mayAsk,
  });
  if (!last || ("approval_id" in row && !["pending", "rejected"].includes(String(last.state)))) return null;
  return (
    <>
      <ApprovalPicture row={last} />
      {last.state === "pending" && (
        <p>
          <RecordLink resource={resourceOf("approvals")!} row={last}>
            {t("approval.open")}
          </RecordLink>
        </p>
      )}
    </>
  );
}
