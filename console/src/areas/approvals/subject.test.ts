import { expect, test } from "vitest";
import { schemas } from "../../api/meta";
import { fieldsOf, referred } from "../../resources/registry";
import "..";
import { ASKED_WITH, SUBJECT_FACTS } from "./subject";

test("of everything that is approved the main facts are shown, and it has a page", () => {
  const nouns = schemas.Approval!.subject_type!.enum!;
  expect(Object.keys(SUBJECT_FACTS)).toEqual(nouns);
  for (const noun of nouns) {
    const resource = referred({ reference: noun })!;
    expect(resource.get).toBeDefined();
    expect(Object.keys(fieldsOf(resource))).toEqual(expect.arrayContaining(SUBJECT_FACTS[noun]!));
    expect(Object.keys(fieldsOf(resource))).toEqual(expect.arrayContaining(Object.values(ASKED_WITH[noun] ?? {})));
  }
});
