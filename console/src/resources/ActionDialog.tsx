import { withTexts } from "../i18n";
import type { Asked } from "./ActionForm";
import { Awaited } from "./Awaited";
import { lazily } from "./lazily";

const ActionForm = lazily(withTexts("records", () => import("./ActionForm")));

/** What an operation on a record still has to know, asked in a window over it. It opens with its form. */
export const ActionDialog = (asked: Asked) => (
  <Awaited onClose={asked.onClose}>
    <ActionForm {...asked} />
  </Awaited>
);
