import type { RouteObject } from "react-router";

/** Pages that are no list and no record: what they show is fetched when somebody goes there. */
export const special: RouteObject[] = [{ path: "opportunities/board", lazy: () => import("./board/Board") }];
