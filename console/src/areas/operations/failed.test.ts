import { expect, test } from "vitest";
import { firstOfEach } from "./failed";

const events = (service: string, ...ids: string[]) => ids.map((id) => ({ id, event_id: id, service }));

test("of each service its first events are listed, however many another one has", () => {
  const all = [...events("sales", "1", "2", "3"), ...events("finance", "4"), ...events("sales", "5")];
  expect(firstOfEach(all, 2).map(({ id }) => id)).toEqual(["1", "2", "4"]);
  expect(firstOfEach(all)).toEqual(all);
});
