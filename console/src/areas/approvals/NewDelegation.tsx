import { App, Modal } from "antd";
import { useTranslation } from "react-i18next";
import { useMe } from "../../api/permissions";
import { OperationForm } from "../../resources/OperationForm";
import { useRefresh } from "../../resources/queries";
import { administers } from "./delegating";

const ASKED = ["delegate_id", "starts_at", "ends_at", "reason"];

/** Says from when until when somebody decides for whoever is away; administrators say it for others too. */
export function NewDelegation({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const refresh = useRefresh();
  const me = useMe().data;
  return (
    <Modal open title={t("delegations.new")} footer={null} mask={{ closable: false }} onCancel={onClose}>
      <OperationForm
        operation="create_approval_delegation"
        draft="approval-delegations"
        asks={administers(me) ? [...ASKED, "account_id"] : ASKED}
        first={ASKED}
        submit={t("delegations.save")}
        onDone={(_answer, isShown) => {
          if (isShown) onClose();
          message.success(t("delegations.saved"));
          void refresh();
        }}
      />
    </Modal>
  );
}
