/** For tests of what asks the server: its answers, and what is around every page. */
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { configure } from "@testing-library/react";
import { App } from "antd";
import type { ReactNode } from "react";
import { vi } from "vitest";

// Nothing here is judged by its speed, and the machine may be busy with other tests.
configure({ asyncUtilTimeout: 30_000 });
vi.setConfig({ testTimeout: 60_000 });

const Plain = globalThis.Request;
// Node knows no page whose address a path could be relative to. The client takes this class when it is imported.
globalThis.Request = class extends Plain {
  constructor(input: RequestInfo | URL, init?: RequestInit) {
    super(typeof input === "string" ? new URL(input, "http://kehu.test") : input, init);
  }
};

type Answer = { status?: number; body?: object };

/** Answers every request by its method and path, `GET /v1/me`; returns those that were sent so far. */
export function answering(answer: (asked: string) => Answer | Promise<Answer>) {
  const asked: string[] = [];
  const fetched = async (input: RequestInfo, init?: RequestInit) => {
    const request = new Request(input, init);
    const name = `${request.method} ${new URL(request.url).pathname}`;
    asked.push(name);
    const { status = 200, body = {} } = await answer(name);
    return Response.json(body, { status });
  };
  vi.stubGlobal("fetch", fetched);
  return asked;
}

/** What is around every page, and the memory of what was asked. */
export function surroundings() {
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const Around = ({ children }: { children: ReactNode }) => (
    <QueryClientProvider client={queries}>
      <App>{children}</App>
    </QueryClientProvider>
  );
  return { queries, Around };
}
