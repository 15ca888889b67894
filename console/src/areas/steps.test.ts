import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { operations } from "../api/meta";
import ".";
import nounsEn from "../i18n/en/nouns.json";
import stepsEn from "../i18n/en/steps.json";
import nounsZh from "../i18n/zh-CN/nouns.json";
import stepsZh from "../i18n/zh-CN/steps.json";
import { resources } from "../resources/registry";

const SERVICES = "../services";
const texts = { zh: { ...nounsZh, ...stepsZh }, en: { ...nounsEn, ...stepsEn } };
const types = readdirSync(SERVICES).flatMap((service) => {
  const { components } = JSON.parse(readFileSync(`${SERVICES}/${service}/api/asyncapi.json`, "utf8"));
  return Object.values<{ name: string }>(components.messages).map(({ name }) => name);
});
/** What the gateway answers itself is in no process of a record; nor is a search, which only reads. */
const OWN = /^\/(v1\/(bus|events|auth|access)|\.well-known)/;
const deeds = Object.entries(operations).flatMap(([name, { method, path }]) =>
  method === "get" || OWN.test(path) || path.endsWith("/search") ? [] : [name],
);
const makes = new Set(resources().flatMap(({ create }) => create ?? []));

test.each(["zh", "en"] as const)(
  "every event and every operation that does something has a name for people in %s",
  (language) => {
    const { step, action } = texts[language];
    expect(types.length).toBeGreaterThan(50);
    expect(Object.keys(step.noun).sort()).toEqual([...new Set(types.map((type) => type.split(".")[0]))].sort());
    expect(Object.keys(step.verb).sort()).toEqual([...new Set(types.map((type) => type.split(".")[1]))].sort());
    const named = { ...action, ...step.operation };
    expect(deeds.filter((name) => !makes.has(name as never) && !(name in named))).toEqual([]);
  },
);
