import type { ComponentType } from "react";
import { pathNames, type Row } from "../api/call";
import { withOwn } from "../api/fields";
import { type Field, type Fields, type OperationName, operations, schemas } from "../api/meta";

/** What can be done with a record besides changing its fields. */
export type Action = {
  operation: OperationName;
  primary?: boolean;
  danger?: boolean;
  /** What it asks and in which order, where that is not all that its body takes. */
  asks?: string[];
  /** In which field one begins, where that is a part's. */
  focus?: string[];
  /** What stands in the form at first, by the names of the form; `today` is the day of the house. */
  starts?: (row: Row, today: string) => Record<string, unknown>;
  /** Records like the one that it makes: `into` is the field of its form that takes one of them instead. */
  alike?: (row: Row) => LookUp;
  /** Says what it will make, by the names of its sentence (`makes`). */
  makes?: (row: Row) => Record<string, string>;
  /** Where it leads, if not back to the record. */
  leads?: (answer: Row) => string | undefined;
};

/**
 * Records that belong to this one: those whose `by` is its id, what of it the form of a new one begins with, and whether
 * it is still `open` to more of them.
 */
export type Tab = {
  resource: string;
  by: string;
  /** What their names stand in, where that is not what names them elsewhere. */
  title?: string[];
  starts?: (of: Row) => Record<string, unknown>;
  open?: (of: Row) => boolean;
};

/**
 * A look for records like the one that is typed, by what stands in the field `by` or by what is said: by the noun's own
 * search before creation, or by a `filter` of its list; `facts` tell those that a list holds apart.
 */
export type LookUp = { resource: string; by: string; said?: string; into?: string; filter?: string; facts?: string[] };

/** What a record goes through: the field that says where it is, the operation that moves it, and those that end it. */
type Stages = { field: string; by: OperationName; ends: Record<string, OperationName> };

/** What was done with a record, the newest first: the lists whose entries it holds. The first one can be added to. */
export type TimelineOf = { resource: string; by: string }[];

/** How a record stands in a timeline: when it was, whose it is, what kind it is, what it says, and what comes next. */
type Entry = { at: string; by: string; kind?: string; facts?: string[]; says: string[]; next?: string };

/** What is done with several records of a list at once: the window's own part of the page, and in which of its scopes. */
type Together = {
  shows: ComponentType<{ resource: Resource; rows: Row[]; onDone: () => void }>;
  needs: OperationName;
  scopes: string[];
};

/** Whose records: `{ by: "customer_id", id }` is a name in the path of the list, or a filter of it. */
export type Owner = { by: string; id: string };

/** Questions about a part, by what was answered and its place among the others, from 0. */
type Asks = (answers: Record<string, unknown>, place: number) => string[];
type Draws = ComponentType<{ rows: Record<string, unknown>[] }>;

/** What a noun adds to its contract: which operations it has, and what people see first. */
export type Resource = {
  /** The address, and the key of its texts. */
  name: string;
  /** What the contract calls one of them where it refers to it (`x-reference`). */
  noun: string;
  schema: string;
  /** What a list shows of it, where that is less than the record. */
  summary?: string;
  list: OperationName;
  get?: OperationName;
  create?: OperationName;
  update?: OperationName;
  remove?: OperationName;
  /** The fields that name a record: the first one that is not empty. */
  title: string[];
  status?: string;
  /** The figure that stands in the head of a record and on its card. */
  figure?: string;
  columns: string[];
  hidden?: string[];
  sort?: string;
  search?: string;
  /** Who answers for a record. */
  owner?: string;
  /** What its list can be narrowed by besides its fields. */
  filters?: Fields;
  /** Narrowed lists that people ask for daily, by the filters they stand for; `me` is whoever asks, `team` who reports to them. */
  scopes?: Record<string, Record<string, string>>;
  /** What stands beside the choice of a scope. */
  besideScopes?: ComponentType<{ resource: Resource }>;
  /** What the form of a new one begins with in a scope, by what the address asks. */
  beginsIn?: Record<string, (values: Record<string, string | undefined>) => Record<string, unknown>>;
  /** The filter that finds those of the noun for whose records one of them is chosen. */
  of?: string;
  /** The one of them that its list opens with, where that is not everything. */
  opens?: string;
  /** Pages of their own that show the same records otherwise: `/opportunities/board`. */
  views?: string[];
  groups?: Record<string, string[]>;
  /** Which questions of a part, by its schema, follow from what was answered of it so far; by itself all of them. */
  asks?: Record<string, Asks>;
  /** Which of them have to be answered then, besides those that the contract requires. */
  needs?: Record<string, Asks>;
  /** What shows the parts of a schema below their form, as far as they are filled in. */
  draws?: Record<string, Draws>;
  /** What does not go with a record as it is, such as why it was lost while it is not. */
  without?: (row: Row) => string[];
  /** What its own page shows in another way than as facts. */
  apart?: string[];
  /** What is asked first in a form; the rest stands behind a fold. By itself everything is asked. */
  form?: string[];
  actions?: Action[];
  together?: Together;
  tabs?: Tab[];
  /** What tells who is there already under a name, before one is made. */
  lookup?: OperationName;
  /** What is looked for while the form of a new one is filled, each below its field. */
  alike?: LookUp[];
  stages?: Stages;
  /** The first tab: what was done with it, with a line to write on. */
  timeline?: TimelineOf;
  /** What a timeline shows of it. */
  entry?: Entry;
  /** What its page shows above its facts, and which of them it shows instead. */
  picture?: { of?: string[]; shows: ComponentType<{ row: Row }> };
  /** Fields that name a part of the record it belongs to, each with the list of those parts. */
  parts?: Record<string, string>;
  /** What the form of a new one begins with; `today` is the day of the house. */
  begins?: (today: string) => Record<string, unknown>;
  /** Whoever has made one below another record goes on with it, on its page. */
  goesOn?: boolean;
  /** What stands in the form of a new one, below the first field: what is typed there will do. */
  beside?: ComponentType<{ owner?: Owner }>;
  /** Whether its page shows what the services did with it. */
  processes?: boolean;
  /** How loud a state is. */
  tones?: Record<string, Tone>;
};
export type Tone = "success" | "processing" | "warning" | "error" | "default";

/** The most usual scopes: the records that one answers for oneself, and those of everybody below. */
export const mine = { mine: { "filter[owner_id]": "me" }, team: { "filter[owner_id][in]": "team" } };

/** A filter of lists whose records are followed up: when something was done about them last, or when they were made. */
export const quiet: Fields = {
  quiet_since: { format: "date-time", label: { zh: "最近跟进或创建时间", en: "Last activity or creation" } },
};

/** A filter of lists of what was done: whether something has been done after it. */
export const followedUp: Fields = {
  followed_up: { type: "boolean", label: { zh: "已跟进", en: "Followed up" } },
};

const known = new Map<string, Resource>();
const asking = new Map<string, Asks>();
const needing = new Map<string, Asks>();
const drawing = new Map<string, Draws>();
const byNoun = new Map<string, Resource>();

export function register(resources: Resource[]) {
  for (const resource of resources) {
    known.set(resource.name, resource);
    byNoun.set(resource.noun, resource);
    for (const [schema, asks] of Object.entries(resource.asks ?? {})) asking.set(schema, asks);
    for (const [schema, needs] of Object.entries(resource.needs ?? {})) needing.set(schema, needs);
    for (const [schema, draws] of Object.entries(resource.draws ?? {})) drawing.set(schema, draws);
  }
}

/** The questions about a part of this schema, where they depend on the answers so far. */
export const askedOf = (schema: string, ...of: Parameters<Asks>) => asking.get(schema)?.(...of);
/** Those that must be answered. */
export const neededOf = (schema: string, ...of: Parameters<Asks>) => needing.get(schema)?.(...of) ?? [];
export const drawnOf = (schema?: string) => drawing.get(schema ?? "");
export const resourceOf = (name: string) => known.get(name);
export const resources = () => [...known.values()];

/** The resource whose records a field refers to, as far as the console has pages for them. */
export const referred = (field?: Field) => byNoun.get(field?.reference ?? field?.items?.reference ?? "");
/** By which member it does so. */
export const referredBy = (field?: Field) => field?.["reference-by"] ?? field?.items?.["reference-by"] ?? "id";

/** Bookkeeping that no reader asks for: a number's other spelling, ids, versions. */
export const isShown = (name: string) => !["id", "version", "custom"].includes(name) && !name.endsWith("_e164");

/** The way of a record without its ends, in the order of the contract. */
export const stagesOf = (resource: Resource) =>
  (fieldsOf(resource)[resource.stages!.field]!.enum ?? []).filter((stage) => !(stage in resource.stages!.ends));

/** Whether a list can be searched by a tree of conditions: what stands at a noun's own path can. */
export const isSearched = ({ list }: Resource) => `search_${list.replace(/^list_/, "")}` in operations;

export const fieldsOf = (resource: Resource): Fields => withOwn(resource.noun, schemas[resource.schema] ?? {});

export function inOrder(fields: Fields): string[] {
  return Object.keys(fields).sort((a, b) => (fields[a]!.order ?? 99) - (fields[b]!.order ?? 99));
}

/** In which order its records come by themselves, as a question. */
export const orderOf = ({ sort }: Resource): Record<string, string> => (sort ? { sort } : {});

/** What a record is called. */
export function titleOf({ title }: { title: string[] }, row?: Row): string {
  return String(title.map((name) => row?.[name]).find(Boolean) ?? "—");
}

export const recordPath = (resource: Resource, id: string) => `/${resource.name}/${id}`;

/** Where a record is listed: on a page of its own, or in a tab of the record that it belongs to. */
export function listPath(resource: Resource, row: Row) {
  const by = pathNames(resource.list)[0] ?? "";
  const above = referred(fieldsOf(resource)[by]);
  return above ? `${recordPath(above, String(row[by]))}?tab=${resource.name}` : `/${resource.name}`;
}
