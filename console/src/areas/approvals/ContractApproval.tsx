import { useQuery } from "@tanstack/react-query";
import { call, type Page, type Row } from "../../api/call";
import { useAllowed } from "../../api/permissions";
import ApprovalPicture from "./ApprovalPicture";

/** The last approval of a contract, on its page; one that needed none has nothing to show. */
export default function ContractApproval({ row }: { row: Row }) {
  const mayAsk = useAllowed()("list_approvals");
  const approval = useQuery({
    queryKey: ["approvals", "about", row.id, row.version],
    queryFn: async ({ signal }) => {
      const query = { "filter[subject_id]": row.id, sort: "-created_at", limit: 1 };
      const [last] = (await call<Page>("list_approvals", { query, signal })).items;
      return last ? call("get_approval", { path: last.id, signal }) : null;
    },
    enabled: mayAsk,
  });
  return approval.data ? <ApprovalPicture row={approval.data} /> : null;
}
