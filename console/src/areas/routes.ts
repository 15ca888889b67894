import type { RouteObject } from "react-router";
import { withTexts } from "../i18n";

/** Pages that are no list and no record: what they show is fetched when somebody goes there. */
export const special: RouteObject[] = [
  { path: "opportunities/board", lazy: () => import("./board/Board") },
  { path: "departments", lazy: withTexts("admin", () => import("./departments/Departments")) },
  { path: "roles/:id", lazy: withTexts("permissions", () => import("./roles/RolePage")) },
  { path: "help", lazy: withTexts("help", () => import("./help/Help")) },
];
