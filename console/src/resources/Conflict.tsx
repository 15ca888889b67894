import { Button, Modal } from "antd";
import { useTranslation } from "react-i18next";
import type { Row } from "../api/call";
import { isSame } from "./deeds";
import { fieldsOf, isShown, type Resource } from "./registry";
import { Value } from "./Value";
import { useWords } from "./words";

type Props = {
  resource: Resource;
  began: Row;
  theirs: Row;
  mine: Record<string, unknown>;
  onMine: () => void;
  onTheirs: () => void;
  /** Nothing is decided: what one has typed stays where it stands. */
  onClose: () => void;
};

/** It was changed elsewhere meanwhile, perhaps by oneself: field by field what it is now and what is about to be saved. */
export function Conflict({ resource, began, theirs, mine, onMine, onTheirs, onClose }: Props) {
  const { t } = useTranslation();
  const words = useWords();
  const fields = fieldsOf(resource);
  const differs = (name: string, row: object) => name in row && !isSame(began[name], (row as Row)[name]);
  const changed = Object.keys(fields).filter(
    (name) => isShown(name) && name !== "updated_at" && (differs(name, theirs) || differs(name, mine)),
  );
  return (
    <Modal
      open
      title={t("conflict.title")}
      onCancel={onClose}
      footer={
        <>
          <Button onClick={onTheirs}>{t("conflict.theirs")}</Button>
          <Button type="primary" onClick={onMine}>
            {t("conflict.mine")}
          </Button>
        </>
      }
    >
      <p>{t("conflict.hint")}</p>
      <table className="conflict">
        <thead>
          <tr>
            {["field", "before", "inStore", "yours"].map((column) => (
              <th key={column} scope="col">
                {t(`conflict.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {changed.map((name) => (
            <tr key={name}>
              <th scope="row">{words.label(name, fields[name])}</th>
              {[began, theirs, { ...theirs, ...mine }].map((row, index) => (
                <td key={index}>
                  <Value name={name} fields={fields} row={row} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Modal>
  );
}
