import { type Call, call, type Page } from "../../api/call";
import { searches, type Terms, termsOf } from "../../api/conditions";
import type { OperationName } from "../../api/meta";
import { resources } from "../registry";
import { type Condition, readTree, type Tree } from "./tree";

const FILTER = /^filter\[([\w.]+)\](?:\[(\w+)\])?$/;

/** What a filter of the address says, as a condition. */
export function conditionOf(name: string, text: string, terms: Terms): Condition {
  const [, field = "", operator = "eq"] = FILTER.exec(name) ?? [];
  const kind = operator === "empty" ? "flag" : (terms[field]?.kind ?? "");
  return {
    field,
    operator,
    value: operator === "in" ? text.split(",").map((each) => valued(each, kind)) : valued(text, kind),
  };
}

function valued(text: string, kind: string) {
  if (kind === "flag" || kind === "question") return text === "true";
  return kind === "integer" ? Number(text) : text;
}

/** Asks a list by a tree of conditions, and by the filters that stand beside it in the address. */
export function search(list: OperationName, query: NonNullable<Call["query"]>, signal?: AbortSignal) {
  const { search: operation } = searches[list]!;
  const terms = termsOf(list, resources().find((each) => each.list === list)?.noun ?? "");
  const { where, sort, limit, cursor, count, fields, ...filters } = query;
  const beside = Object.entries(filters).map(([name, text]) => conditionOf(name, String(text), terms));
  const parts = [readTree(String(where)), ...beside].filter((part): part is Tree => part !== undefined);
  const body = { where: { all: parts }, sort, limit, cursor, count, fields: fields && String(fields).split(",") };
  return call<Page>(operation, { body, signal });
}
