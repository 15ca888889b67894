import { QueryClient } from "@tanstack/react-query";
import { expect, test } from "vitest";
import { Problem } from "../api/problem";
import { followAway } from "./useAway";

const refused = (status: number) => () => Promise.reject(new Problem(status, {}));
const found = () => Promise.resolve([]);

test("a place is away while its service does not answer, and not where it refused", async () => {
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const follow = followAway(queries.getQueryCache());
  const stop = follow.subscribe(() => undefined);
  const ask = (key: string[], queryFn: () => Promise<unknown>) =>
    queries.fetchQuery({ queryKey: key, queryFn }).catch(() => undefined);
  await ask(["contracts", "list"], refused(503));
  await ask(["leads", "list"], refused(403));
  await ask(["customers", "list"], found);
  await ask(["products", "name", "1"], refused(503));
  expect(follow.shown).toBe("contracts");
  // It is asked again, and nobody knows yet.
  const again = ask(["contracts", "list"], refused(0));
  expect(follow.shown).toBe("contracts");
  await again;
  // Its service answers on another page; what was left in the cache of the first one says nothing any more.
  await ask(["contracts", "block"], found);
  expect(follow.shown).toBe("");
  stop();
});
