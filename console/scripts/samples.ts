/**
 * One of each component of antd that the console has, with what comes along with it: what these register is all that
 * there are style sheets of (styles.ts). The build says which one is missing.
 */
import type { createElement, ReactNode } from "react";

export function samples(antd: typeof import("antd"), h: typeof createElement): ReactNode[] {
  const { Alert, Button, Checkbox, DatePicker, Drawer, Dropdown, Empty, Form, Input, InputNumber, Menu, Modal } = antd;
  const { Popover, Segmented, Select, Skeleton, Space, Spin, Switch, Tree, TreeSelect, Typography } = antd;
  const options = ["a"];
  return [
    h(Alert),
    h(Space.Compact, null, h(Button)),
    h(Checkbox.Group, { options }),
    h(DatePicker),
    h(Drawer),
    h(Dropdown, { menu: {} }, h("i")),
    h(Empty),
    h(Form, null, h(Form.Item, { label: "a" }, h(Input))),
    h(Input.OTP),
    h(Input.Password),
    h(Input.Search),
    h(Input.TextArea),
    h(InputNumber),
    h(Menu, { items: [] }),
    h(Modal),
    h(Modal._InternalPanelDoNotUseOrYouWillBeFired, { type: "confirm" }),
    h(Popover, null, h("i")),
    h(Segmented, { options }),
    h(Skeleton),
    h(Select),
    h(Space),
    h(Space.Addon),
    h(Spin),
    h(Switch),
    h(Tree, { treeData: [] }),
    h(TreeSelect),
    h(Typography.Text),
    h(antd.message._InternalPanelDoNotUseOrYouWillBeFired),
    h(antd.notification._InternalPanelDoNotUseOrYouWillBeFired),
  ];
}
