import type { OperationName } from "../../api/meta";
import { withTexts } from "../../i18n";
import { lazily } from "../../resources/lazily";
import { mine, type Resource } from "../../resources/registry";

/** The scope of a list that shows what lies in pools. */
export const POOL = "pool";
/** What is done with one or several records of a pool, and with those that are somebody's. */
export const STEPS = { inPool: ["claim", "assign", "move", "discard"], elsewhere: ["return"] } as const;
export type Step = (typeof STEPS)[keyof typeof STEPS][number];
export const operationOf = (step: Step | "restore", noun: string) => `${step}_${noun}` as OperationName;

const OF_ONE: [Step | "restore", object][] = [
  ["claim", { primary: true }],
  ["assign", { primary: true }],
  ["return", {}],
  ["move", {}],
  ["discard", { danger: true }],
  ["restore", {}],
];

/** What may be done with one record of a noun that has pools. */
export const poolActions = (noun: string) =>
  OF_ONE.map(([step, how]) => ({ operation: operationOf(step, noun), ...how }));

/** What a noun has whose records may lie in pools: a list of those, who claims, and several of them dealt with at once. */
export const pooled = (noun: string) =>
  ({
    scopes: { ...mine, [POOL]: { "filter[claim_state]": "unclaimed" } },
    besideScopes: lazily(() => import("./PoolBar")),
    // What is made on the page of a pool lies in it.
    beginsIn: {
      [POOL]: (values) => ({ claim_state: "unclaimed", pool_id: values["filter[pool_id]"] }),
    },
    together: {
      shows: lazily(withTexts("records", () => import("./PoolTogether"))),
      needs: operationOf("claim", noun),
      scopes: ["all", ...Object.keys(mine), POOL],
    },
  }) satisfies Partial<Resource>;
