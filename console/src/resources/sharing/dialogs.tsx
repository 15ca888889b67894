import { withTexts } from "../../i18n";
import { Awaited } from "../Awaited";
import { lazily } from "../lazily";
import type { Shown } from "./Sharing";

const Sharing = lazily(
  withTexts(
    "records",
    withTexts("sharing", () => import("./Sharing")),
  ),
);
const Access = lazily(
  withTexts(
    "permissions",
    withTexts("sharing", () => import("./Access")),
  ),
);

/** What is asked about those who may see a record, in a window over it. */
export type About = "share" | "access";

export const AccessDialog = ({ about, ...shown }: Shown & { about: About }) => (
  <Awaited onClose={shown.onClose}>{about === "share" ? <Sharing {...shown} /> : <Access {...shown} />}</Awaited>
);
