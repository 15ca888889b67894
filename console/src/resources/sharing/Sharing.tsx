import { Modal } from "antd";
import { useTranslation } from "react-i18next";
import type { Row } from "../../api/call";
import { type Resource, titleOf } from "../registry";
import { Grants } from "./Grants";
import { offeredOf } from "./offered";
import { useKinds } from "./principals";
import "./sharing.css";

export type Shown = { resource: Resource; row: Row; onClose: () => void };

/** With whom a record is shared and who belongs to its team, in a window over it; whoever may change that does it here. */
export default function Sharing({ resource, row, onClose }: Shown) {
  const { t } = useTranslation();
  const { shares, team } = offeredOf(resource);
  const [kind] = useKinds();
  const about = { resource, row };
  return (
    <Modal
      open
      width={820}
      className="sharing"
      title={t("sharing.title", { name: titleOf(resource, row) })}
      footer={null}
      mask={{ closable: false }}
      onCancel={onClose}
    >
      {shares && (
        <Grants
          {...about}
          part="shares"
          kept={shares}
          whom="to"
          focus={["to", "id"]}
          first={["to", "level", "until"]}
          starts={{ to: { kind } }}
          columns={["to", "level", "until", "security", "granted"]}
        />
      )}
      {team && (
        <Grants
          {...about}
          part="team"
          kept={team}
          whom="account_id"
          columns={["account_id", "role", "level", "granted"]}
        />
      )}
    </Modal>
  );
}
