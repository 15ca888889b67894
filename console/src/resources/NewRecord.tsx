import type { ComponentProps } from "react";
import { withTexts } from "../i18n";
import { Awaited } from "./Awaited";
import { lazily } from "./lazily";

// Nobody loads the form before wanting to fill one in.
const ResourceForm = lazily(withTexts("records", () => import("./ResourceForm")));

/** The form of a new record, over the page that it is made on. */
export const NewRecord = (asked: ComponentProps<typeof ResourceForm>) => (
  <Awaited onClose={asked.onClose}>
    <ResourceForm {...asked} />
  </Awaited>
);
