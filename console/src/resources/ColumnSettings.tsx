import { SettingOutlined } from "@ant-design/icons";
import { Button, Checkbox, Popover } from "antd";
import { useTranslation } from "react-i18next";
import { narrowedBy, useSettings } from "../api/fields";
import { useAddress } from "./address";
import { fieldsOf, type Resource } from "./registry";
import { useWords } from "./words";

/** Which columns a list shows: those of its address, or those chosen last in this browser, or the usual ones. */
export function useColumns(resource: Resource) {
  const { values, set } = useAddress();
  const store = `kehu.columns.${resource.name}`;
  useSettings();
  const own = "custom" in fieldsOf(resource) ? narrowedBy(resource.noun) : [];
  const all = [...resource.columns, ...(resource.hidden ?? []), ...own];
  const wanted = (values.columns ?? localStorage.getItem(store))?.split(",").filter((name) => all.includes(name));
  return {
    all,
    shown: wanted?.length ? wanted : resource.columns,
    choose: (names: string[]) => {
      const columns = all.filter((name) => names.includes(name) || name === all[0]).join(",");
      localStorage.setItem(store, columns);
      set({ columns });
    },
  };
}

export function ColumnSettings({ resource, columns }: { resource: Resource; columns: ReturnType<typeof useColumns> }) {
  const { t } = useTranslation();
  const words = useWords();
  const fields = fieldsOf(resource);
  const options = columns.all.map((name, index) => ({
    value: name,
    label: words.label(name, fields[name]),
    disabled: index === 0,
  }));
  return (
    <Popover
      trigger="click"
      placement="bottomRight"
      title={t("list.columns")}
      content={
        <Checkbox.Group className="column-choice" value={columns.shown} options={options} onChange={columns.choose} />
      }
    >
      <Button icon={<SettingOutlined />} aria-label={t("list.columns")} />
    </Popover>
  );
}
