import type { RouteObject } from "react-router";
import { loaded } from "../api/loading";
import { withTexts } from "../i18n";

/** With the texts of all that administrators keep. */
const administered = <Page>(load: () => Promise<Page>) =>
  withTexts("records", withTexts("permissions", withTexts("admin", load)));

/** With those of what operators look at. */
const operated = <Page>(load: () => Promise<Page>) => administered(withTexts("operations", load));

/** Pages that are no list and no record: what they show is fetched when somebody goes there. */
export const special: RouteObject[] = [
  { path: "opportunities/board", lazy: () => loaded(() => import("./board/Board")) },
  { path: "competitors/:id", lazy: withTexts("records", () => import("./competitors/CompetitorPage")) },
  { path: "approvals/delegations", lazy: withTexts("records", () => import("./approvals/Delegations")) },
  { path: "departments", lazy: administered(() => import("./departments/Departments")) },
  { path: "positions/chart", lazy: administered(() => import("./positions/Chart")) },
  { path: "service-accounts/:id", lazy: administered(() => import("./programs/ServiceAccountPage")) },
  { path: "approval-flows/:id", lazy: administered(() => import("./flows/FlowPage")) },
  { path: "webhooks/:id", lazy: administered(() => import("./webhooks/WebhookPage")) },
  { path: "signing-keys", lazy: administered(() => import("./keys/SigningKeys")) },
  { path: "dictionaries", lazy: administered(() => import("./definitions/Dictionaries")) },
  { path: "fields", lazy: administered(() => import("./definitions/Fields")) },
  { path: "numbering-rules", lazy: administered(() => import("./definitions/Numbering")) },
  { path: "parameters", lazy: administered(() => import("./definitions/Parameters")) },
  { path: "operations", lazy: operated(() => import("./operations/State")) },
  { path: "operations/parked", lazy: operated(() => import("./operations/Parked")) },
  { path: "operations/replay", lazy: operated(() => import("./operations/Replay")) },
  { path: "operations/rebuild", lazy: operated(() => import("./operations/Rebuild")) },
  { path: "operations/audit", lazy: operated(() => import("./operations/Audit")) },
  { path: "operations/events", lazy: operated(() => import("./operations/Events")) },
  {
    path: "operations/processes/:id",
    lazy: withTexts(
      "steps",
      operated(() => import("./operations/Process")),
    ),
  },
  { path: "me", lazy: administered(() => import("./me/OwnAccount")) },
  { path: "roles/:id", lazy: administered(() => import("./roles/RolePage")) },
  { path: "help", lazy: withTexts("help", () => import("./help/Help")) },
];
