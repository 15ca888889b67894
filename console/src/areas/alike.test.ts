import { expect, test } from "vitest";
import { bodyOf } from "../api/bodies";
import { operations } from "../api/meta";
import texts from "../i18n/en/records.json";
import { fieldsOf, resourceOf } from "../resources/registry";
import { all } from ".";

const looking = all.filter(({ lookup, alike, actions = [] }) => lookup || alike || actions.some((each) => each.alike));

test.each(looking.map((each) => [each.name, each] as const))(
  "%s are looked for before one more is made",
  (_name, resource) => {
    if (resource.lookup) expect(operations[resource.lookup].queries).toContain("name");
    for (const { resource: name, by, filter, facts = [] } of resource.alike ?? []) {
      const other = resourceOf(name)!;
      expect(bodyOf(resource.create!)).toHaveProperty(by);
      if (filter) expect(operations[other.list].queries).toContain(filter);
      else expect(other.lookup, name).toBeDefined();
      expect(Object.keys(fieldsOf(other))).toEqual(expect.arrayContaining(facts));
    }
    for (const { alike, makes, operation } of resource.actions ?? []) {
      const { resource: name, into } = alike?.({ id: "" }) ?? {};
      if (name) expect(resourceOf(name)!.lookup, name).toBeDefined();
      if (makes) expect(texts.makes).toHaveProperty([operation]);
      if (into) expect(bodyOf(operation)).toHaveProperty(into);
    }
  },
);
