/** For tests of what asks the server: its answers, what is around every page, and what jsdom has not. */
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, cleanup, configure, render } from "@testing-library/react";
import { App } from "antd";
import type { ReactNode } from "react";
import { createMemoryRouter, RouterProvider } from "react-router";
import { afterEach, beforeAll, vi } from "vitest";
import { speak, startLanguage, withTexts } from "../i18n";
import type { Me } from "./permissions";

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

/** There is nothing to measure here, and the window is that of a desk. */
class Measures {
  observe() {}
  unobserve() {}
  disconnect() {}
}
const nothing = () => undefined;
const listens = { addEventListener: nothing, removeEventListener: nothing, addListener: nothing };
Object.assign(globalThis, { ResizeObserver: Measures, matchMedia: () => ({ matches: true, ...listens }) });

// What one test has shown, kept or put in the place of something else is not there for the next.
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  globalThis.sessionStorage?.clear();
});

/** Lets the tests of a file read Chinese, also where a part of the console brings its own texts. */
export function inChinese(...parts: string[]) {
  beforeAll(async () => {
    await startLanguage();
    await speak("zh-CN");
    for (const part of parts) await withTexts(part, async () => undefined)();
  });
}

export type Answer = { status?: number; body?: object };

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

/** An answer that comes when a test says so. */
export function later() {
  const { promise, resolve } = Promise.withResolvers<Answer>();
  return { answered: promise, answer: (told: Answer) => act(async () => resolve(told)) };
}

/** What is around every page, and the memory of what was asked: of `me` too, where somebody is signed in. */
export function surroundings(me?: Partial<Me>) {
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  if (me) queries.setQueryData(["me"], { id: "me", time_zone: "Asia/Shanghai", permissions: {}, ...me });
  const Around = ({ children }: { children: ReactNode }) => (
    <QueryClientProvider client={queries}>
      <App>{children}</App>
    </QueryClientProvider>
  );
  return { queries, Around };
}

/** Shows a page to somebody, at an address. */
export function showPage(page: ReactNode, me: Partial<Me> = {}, address = "/") {
  const { queries, Around } = surroundings(me);
  const router = createMemoryRouter([{ path: "*", element: page }], { initialEntries: [address] });
  render(<RouterProvider router={router} />, { wrapper: Around });
  return { queries, router };
}
