import { QueryClient } from "@tanstack/react-query";
import { expect, test } from "vitest";
import { Problem } from "../api/problem";
import { awayIn } from "./useAway";

const refused = (status: number) => () => Promise.reject(new Problem(status, {}));

test("a place is away while its service does not answer, and not where it refused", async () => {
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const ask = (key: string[], queryFn: () => Promise<unknown>) =>
    queries.fetchQuery({ queryKey: key, queryFn }).catch(() => undefined);
  await ask(["contracts", "list"], refused(503));
  await ask(["contracts", "block"], refused(503));
  await ask(["leads", "list"], refused(403));
  await ask(["customers", "list"], () => Promise.resolve([]));
  await ask(["products", "name", "1"], refused(503));
  expect(awayIn(queries.getQueryCache())).toBe("contracts");
  await ask(["contracts", "list"], () => Promise.resolve([]));
  await ask(["contracts", "block"], () => Promise.resolve([]));
  expect(awayIn(queries.getQueryCache())).toBe("");
});
