import { describe, expect, test } from "vitest";
import { bodyOf } from "../api/bodies";
import { pathNames } from "../api/call";
import { operations, schemas } from "../api/meta";
import en from "../i18n/en/nouns.json";
import enResources from "../i18n/en/resources.json";
import zh from "../i18n/zh-CN/nouns.json";
import { filtersOf } from "../resources/filters";
import { fieldsOf, listPath, type Resource, resourceOf } from "../resources/registry";
import { all } from ".";
import { places } from "./places";
import { special } from "./routes";

const languages = { zh, en };
const named = all.map((resource) => [resource.name, resource] as const);
const deeds = (resource: Resource) =>
  [...(resource.actions ?? []).map((action) => action.operation), resource.remove].filter((name) => name !== undefined);

describe.each(named)("%s", (_name, resource) => {
  test("asks for operations that the contract has", () => {
    const { list, get, create, update } = resource;
    for (const [name, method] of [
      [list, "get"],
      [get, "get"],
      [create, "post"],
      [update, "patch"],
    ] as const)
      if (name) expect(operations[name]?.method, name).toBe(method);
    // What stands below a record's address its `can` names when it may be done.
    for (const name of [...deeds(resource), update])
      if (name && get) expect(`${operations[name]?.path}/`, name).toContain(`${operations[get].path}/`);
    expect(operations[list].answer).toBe(`${resource.summary ?? resource.schema}Page`);
  });

  test("names fields that the contract has", () => {
    const { title, status, figure, owner, columns, hidden = [], groups = {}, form = [] } = resource;
    const inList = [...title, status, figure, owner, ...columns, ...hidden].filter((name) => name !== undefined);
    expect(Object.keys(schemas[resource.summary ?? resource.schema]!)).toEqual(expect.arrayContaining(inList));
    expect(Object.keys(fieldsOf(resource))).toEqual(expect.arrayContaining(Object.values(groups).flat()));
    if (resource.create) expect(Object.keys(bodyOf(resource.create))).toEqual(expect.arrayContaining(form));
  });

  test("asks first for everything that the contract requires", () => {
    if (!resource.create || !resource.form) return;
    const body = bodyOf(resource.create);
    expect(resource.form).toEqual(expect.arrayContaining(Object.keys(body).filter((name) => body[name]!.required)));
  });

  test("narrows its lists by filters that the contract has", () => {
    const { search, scopes = {}, sort } = resource;
    const asked = [search, ...Object.values(scopes).flatMap(Object.keys)].filter((name) => name !== undefined);
    expect(operations[resource.list].queries).toEqual(expect.arrayContaining(asked));
    if (sort) expect(operations[resource.list].sort).toContain(sort);
    if (resource.opens) expect(Object.keys(scopes)).toContain(resource.opens);
  });

  test("offers to narrow its list by every field that the contract compares", () => {
    const asked = new Set(
      operations[resource.list].queries!.flatMap((each) => each.match(/^filter\[(\w+)\]/)?.[1] ?? []),
    );
    const offered = filtersOf(resource).map(({ name }) => name);
    const scoped = Object.values(resource.scopes ?? {}).flatMap(Object.keys);
    const isElsewhere = (name: string) => resource.search?.includes(`[${name}]`) || scoped.includes(`filter[${name}]`);
    const isPlainId = (name: string) => fieldsOf(resource)[name]?.format === "uuid";
    // Names are searched by their pinyin as well, what was done stands on one line of time, and a history has a tab
    // with a choice of its own.
    const rest = [...asked].filter((name) => !offered.includes(name) && !isElsewhere(name) && !isPlainId(name));
    expect(rest.filter((name) => !["pinyin", "followed_up", "field"].includes(name))).toEqual([]);
  });

  test("has tabs whose records belong to it", () => {
    for (const { resource: name, by } of [...(resource.tabs ?? []), ...(resource.timeline ?? [])]) {
      const { list } = resourceOf(name)!;
      const asked = [...pathNames(list), ...operations[list].queries!];
      expect(asked.includes(by) || asked.includes(`filter[${by}]`), `${name} by ${by}`).toBe(true);
    }
  });

  test("begins what is made below it with what that takes", () => {
    const record = Object.fromEntries(Object.keys(fieldsOf(resource)).map((name) => [name, "2"]));
    for (const { resource: name, starts } of resource.tabs ?? []) {
      const begun = Object.keys(starts?.({ id: "1", ...record }) ?? {});
      if (begun.length)
        expect(Object.keys(bodyOf(resourceOf(name)!.create!)), name).toEqual(expect.arrayContaining(begun));
    }
    for (const { operation, starts } of resource.actions ?? [])
      expect(Object.keys(bodyOf(operation)), operation).toEqual(
        expect.arrayContaining(Object.keys(starts?.({ id: "1", ...record }, "2026-11-26") ?? {})),
      );
  });

  test("has a timeline of what can stand in one", () => {
    for (const { resource: name } of resource.timeline ?? []) expect(resourceOf(name)!.entry, name).toBeDefined();
    const { at, by, kind, facts = [], says = [], next } = resource.entry ?? {};
    const names = [at, by, kind, next, ...facts, ...says].filter((name) => name !== undefined);
    expect(Object.keys(fieldsOf(resource))).toEqual(expect.arrayContaining(names));
  });

  test("has a way whose steps and ends are its actions", () => {
    if (!resource.stages) return;
    const { field, by, ends } = resource.stages;
    expect(fieldsOf(resource)[field]!.enum).toEqual(expect.arrayContaining(Object.keys(ends)));
    const actions = resource.actions!.map((action) => action.operation);
    expect(actions).toEqual(expect.arrayContaining([by, ...Object.values(ends)]));
    expect(bodyOf(by)).toHaveProperty(field);
  });

  test("has a page that says where it is listed", () => {
    const record = { id: "1", ...Object.fromEntries(Object.keys(fieldsOf(resource)).map((name) => [name, "2"])) };
    if (resource.get) expect(listPath(resource, record)).toMatch(/^\/[a-z-]+(\/2\?tab=[a-z-]+)?$/);
    if (resource.get && pathNames(resource.list).length > 0) expect(listPath(resource, record)).toContain("?tab=");
  });

  test("asks of an action what its body takes", () => {
    for (const { operation, asks = [] } of resource.actions ?? [])
      expect(Object.keys(bodyOf(operation)), operation).toEqual(expect.arrayContaining(asks));
  });

  test("names fields in its forms and its picture that the contract has", () => {
    const asked = Object.keys({ ...resource.parts, ...resource.begins?.("2026-11-26") });
    if (resource.create) expect(Object.keys(bodyOf(resource.create))).toEqual(expect.arrayContaining(asked));
    expect(Object.keys(fieldsOf(resource))).toEqual(expect.arrayContaining(resource.picture?.of ?? []));
  });

  test("paints states that there are", () => {
    const fields = fieldsOf(resource);
    const states = Object.values(fields).flatMap((field) => field.enum ?? []);
    expect(states).toEqual(expect.arrayContaining(Object.keys(resource.tones ?? {})));
  });

  test.each(["zh", "en"] as const)("has its texts in %s", (language) => {
    const texts = languages[language];
    expect(texts.nav).toHaveProperty([resource.name]);
    expect(texts.empty).toHaveProperty([resource.name]);
    if (resource.search) expect(texts.search).toHaveProperty([resource.name]);
    if (resource.create) expect(texts.new).toHaveProperty([resource.name]);
    for (const name of deeds(resource)) {
      expect(texts.action).toHaveProperty([name]);
      expect(texts.done).toHaveProperty([name]);
    }
    for (const group of Object.keys(resource.groups ?? {})) expect(texts.group).toHaveProperty([group]);
    for (const scope of Object.keys(resource.scopes ?? {})) expect(enResources.list).toHaveProperty([scope]);
  });

  test.each(["zh", "en"] as const)("finds each field and value named in the contract in %s", (language) => {
    const { create, update } = resource;
    const bodies = [create, update, ...deeds(resource)].flatMap((name) => (name ? [bodyOf(name)] : []));
    for (const fields of [fieldsOf(resource), ...bodies])
      for (const [name, field] of Object.entries(fields)) {
        expect(field.label?.[language], name).toBeTruthy();
        for (const value of field.enum ?? []) expect(field["enum-labels"]?.[value]?.[language], value).toBeTruthy();
      }
  });
});

test.each(Object.entries(languages))("every place of the navigation is named in %s", (_language, texts) => {
  for (const place of places.flatMap((each) => [each, ...(each.below ?? [])])) {
    expect(texts.nav).toHaveProperty([place.name]);
    const own = special.some(({ path }) => path === place.name);
    if (!place.below && !place.path && !own) expect(resourceOf(place.name), place.name).toBeDefined();
  }
});

test("no noun's text is of something that is not there", () => {
  const shown = places.flatMap((each) => [each, ...(each.below ?? [])]).map(({ name }) => name);
  const names = (some: Resource[]) => some.map(({ name }) => name);
  const there = {
    nav: [...names(all), ...shown, "help"],
    empty: names(all),
    new: names(all.filter(({ create }) => create)),
    search: [...names(all.filter(({ search }) => search)), "everything", "anything", "nothing", "unavailable"],
    group: [...all.flatMap(({ groups = {} }) => Object.keys(groups)), "more"],
    action: all.flatMap(deeds),
    done: all.flatMap(deeds),
  };
  for (const [part, known] of Object.entries(there))
    expect(known, part).toEqual(expect.arrayContaining(Object.keys(en[part as keyof typeof there])));
});
