import { type ComponentProps, Suspense } from "react";
import { withTexts } from "../i18n";
import { lazily } from "./lazily";

// Nobody loads the form before wanting to fill one in.
const ResourceForm = lazily(withTexts("records", () => import("./ResourceForm")));

/** The form of a new record, over the page that it is made on. */
export const NewRecord = (asked: ComponentProps<typeof ResourceForm>) => (
  <Suspense>
    <ResourceForm {...asked} />
  </Suspense>
);
