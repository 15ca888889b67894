import { EditOutlined, PhoneOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import type { Row } from "../api/call";
import { useMay } from "../api/permissions";
import { useAddress } from "./address";
import { kindOf } from "./kinds";
import { fieldsOf, inOrder, type Resource, resourceOf } from "./registry";
import "./timeline.css";

/** What one does with a record on the way, at the lower edge of a phone: call, and write down what was said. */
export default function PhoneBar({ resource, row }: { resource: Resource; row: Row }) {
  const { t } = useTranslation();
  const { set } = useAddress();
  const mayWrite = useMay()(row, resourceOf(resource.timeline?.[0]?.resource ?? "")?.create);
  const fields = fieldsOf(resource);
  const phone = inOrder(fields).find((name) => row[name] && kindOf(name, fields[name]!, fields) === "phone");
  if (!phone && !mayWrite) return null;
  return (
    <div className="phone-bar">
      {phone && (
        <Button block icon={<PhoneOutlined />} href={`tel:${row[`${phone}_e164`] ?? row[phone]}`}>
          {t("timeline.call")}
        </Button>
      )}
      {mayWrite && (
        <Button block type="primary" icon={<EditOutlined />} onClick={() => set({ tab: undefined, write: "1" })}>
          {t("timeline.write")}
        </Button>
      )}
    </div>
  );
}
