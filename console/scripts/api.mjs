// Makes src/api/generated from one OpenAPI document: schema.d.ts has its types, meta.json what every page needs at run
// time, bodies.json what only forms need: node scripts/api.mjs ../.local/console/openapi.json
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import openapiTS, { astToString } from "openapi-typescript";

const source = process.argv[2];
if (!source) {
  console.error("say where the OpenAPI document is: node scripts/api.mjs FILE");
  process.exit(2);
}
const doc = JSON.parse(readFileSync(source, "utf8"));
const METHODS = ["get", "post", "patch", "put", "delete"];
const CARRIED = ["format", "maxLength", "minimum", "maximum", "maxItems", "pattern", "default"];
const TOLD = [
  "x-label",
  "x-enum-labels",
  "x-order",
  "x-reference",
  "x-reference-by",
  "x-holder",
  "x-money",
  "x-dictionary",
];
/** A record by itself is what its noun's schema says, and `can`, which every record has. */
const SINGLE = /^Single(?=[A-Z])/;
const nameOf = (reference) => reference?.split("/").at(-1);

/** What a field's `$ref`, `anyOf` and list come to: the schema that says something, and whether null is one of its values. */
function settled(raw) {
  const choices = raw.anyOf ?? raw.oneOf ?? [raw];
  const meant = choices.find((each) => each.type !== "null") ?? raw;
  return { ...raw, ...meant, nullable: choices.length > 1 || [].concat(raw.type ?? []).includes("null") };
}

function fieldOf(raw, required) {
  const field = settled(raw);
  const types = [].concat(field.type ?? []).filter((type) => type !== "null");
  return {
    type: field.$ref ? "object" : types[0],
    ...(field.$ref && { schema: nameOf(field.$ref) }),
    ...(field.nullable && { nullable: true }),
    ...(required && { required: true }),
    ...(field.enum && { enum: field.enum.filter((value) => value !== null) }),
    ...(field.items && { items: fieldOf(field.items, false) }),
    ...(field.additionalProperties?.enum && { values: fieldOf(field.additionalProperties, false) }),
    ...Object.fromEntries(CARRIED.flatMap((key) => (field[key] == null ? [] : [[key, field[key]]]))),
    ...Object.fromEntries(TOLD.flatMap((key) => (raw[key] == null ? [] : [[key.slice(2), raw[key]]]))),
  };
}

function fieldsOf(schema) {
  return Object.fromEntries(
    Object.entries(schema.properties ?? {}).map(([name, raw]) => [name, fieldOf(raw, schema.required?.includes(name))]),
  );
}

function operationOf(method, path, operation) {
  const parameters = operation.parameters ?? [];
  const schemaOf = (part) => nameOf(part?.content?.["application/json"]?.schema?.$ref);
  // An answer that comes line by line, each one of these.
  const line = operation.responses?.["200"]?.content?.["application/x-ndjson"]?.schema.contentSchema;
  const queries = parameters.filter((each) => each.in === "query").map((each) => each.name);
  const asked = queries.filter((name) => !/^filter.*\[(ne|gt|lt|empty|within|before|after)\]$/.test(name));
  return {
    method,
    path,
    ...(operation["x-permission"] && { permission: operation["x-permission"] }),
    ...(operation.requestBody && { body: schemaOf(operation.requestBody) }),
    ...(line && { lines: line.anyOf.map((each) => nameOf(each.$ref)) }),
    // Every record has one, so that it is said of the record's look and no operation of its own.
    ...(method === "get" && doc.paths[`${path}/history`] && { history: true }),
    ...(method === "get" && {
      answer: schemaOf(operation.responses?.["200"])?.replace(SINGLE, ""),
      sort: parameters.find((each) => each.name === "sort")?.schema.enum,
      queries: asked,
    }),
  };
}

const schemaAnswered = (operation) => nameOf(operation.responses?.["200"]?.content?.["application/json"]?.schema?.$ref);
const isHistory = (operation) => schemaAnswered(operation) === "HistoryEntryPage";

const operations = {};
for (const [path, item] of Object.entries(doc.paths))
  for (const method of METHODS)
    if (item[method] && !isHistory(item[method]))
      operations[item[method].operationId] = operationOf(method, path, item[method]);
const all = Object.fromEntries(
  Object.entries(doc.components.schemas).map(([name, schema]) => [name, fieldsOf(schema)]),
);

/** These schemas, and those of their parts. */
function withParts(names, found = new Set()) {
  for (const name of names) {
    if (!all[name] || found.has(name)) continue;
    found.add(name);
    withParts(
      Object.values(all[name]).map((field) => field.schema ?? field.items?.schema),
      found,
    );
  }
  return found;
}

// A page of a list says nothing that its rows do not say.
const isPage = (name) => "items" in all[name] && "next" in all[name];
const named = (names) => Object.fromEntries([...names].map((name) => [name, all[name]]));
// What is no record is shown by pages of its own only, and lies with what forms ask.
const ASIDE = /^\/(v1\/(bus|events|event-types|processes)|health|\.well-known)/;
const everything = Object.values(operations);
const records = everything.filter((operation) => !ASIDE.test(operation.path));
const of = (some, key) => some.map((operation) => operation[key]);
const shown = new Set([...withParts(of(records, "answer"))].filter((name) => !isPage(name)));
const others = [...of(everything, "body"), ...of(everything, "answer"), ...of(everything, "lines").flat()];
const asked = [...withParts(others)].filter((name) => !shown.has(name));
const write = (name, text) => writeFileSync(`src/api/generated/${name}`, text);
mkdirSync("src/api/generated", { recursive: true });
write("meta.json", JSON.stringify({ schemas: named(shown), operations }));
write("bodies.json", JSON.stringify(named(asked)));
write("permissions.json", JSON.stringify(doc["x-permissions"]));

/** What a list may be searched by, beside the operation that lists it; and what conditions are called by people. */
const condition = doc.components.schemas.Condition;
const searched = Object.entries(doc.paths).flatMap(([path, { post }]) => {
  const listed = post?.["x-conditions"] && doc.paths[path.replace(/\/search$/, "")]?.get;
  return listed ? [[listed.operationId, { search: post.operationId, terms: termsOf(post["x-conditions"]) }]] : [];
});
function termsOf(told) {
  const inPlaces = Object.entries(told).sort(([, one], [, other]) => one["x-order"] - other["x-order"]);
  return Object.fromEntries(inPlaces.map(([name, { "x-order": _place, ...term }]) => [name, term]));
}
const conditions = {
  lists: Object.fromEntries(searched),
  operators: condition.properties.operator["x-enum-labels"],
  periods: condition["x-periods"],
  people: condition["x-people"],
};
write("conditions.json", JSON.stringify(conditions));

/** Examples triple the size of the types and say nothing to a compiler. */
function withoutExamples(node) {
  if (Array.isArray(node)) return node.map(withoutExamples);
  if (node === null || typeof node !== "object") return node;
  const kept = Object.entries(node).filter(
    ([key, value]) => !(key === "examples" || (key === "example" && !value?.type)),
  );
  return Object.fromEntries(kept.map(([key, value]) => [key, withoutExamples(value)]));
}
const ast = await openapiTS(withoutExamples(doc), { defaultNonNullable: false });
write("schema.d.ts", astToString(ast));
