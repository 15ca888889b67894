// @vitest-environment jsdom
import { act, renderHook, waitFor } from "@testing-library/react";
import { Form } from "antd";
import { expect, test, vi } from "vitest";
import { answering, surroundings } from "../api/testing";
import { draftOf } from "./drafts";
import { useSending } from "./useSending";

/** A form whose tries to send are answered in this order. */
function form(...answers: { status: number; body: object }[]) {
  answering(() => answers.shift()!);
  const { Around } = surroundings({});
  const onDone = vi.fn();
  const { result } = renderHook(
    () => {
      const [form] = Form.useForm();
      const onRefused = () => undefined;
      return useSending({ operation: "create_product", about: "products", asked: ["name"], form, onDone, onRefused });
    },
    { wrapper: Around },
  );
  const send = async (body: object) => {
    act(() => {
      result.current.keep();
      result.current.send(body);
    });
    await waitFor(() => expect(result.current.isPending).toBe(false));
  };
  return { result, onDone, send };
}
const away = { status: 503, body: { detail: "away" } };
const ended = { status: 401, body: { detail: "signed out" } };
const reused = { status: 422, body: { code: "idempotency-key-reused" } };

test("a form has one key until it is done, whatever was answered in between", async () => {
  const { onDone, send } = form(away, ended, { status: 201, body: { id: "1" } });
  const keys = new Set<string>();
  for (const name of ["云图", "云图", "云图科技"]) {
    await send({ name });
    keys.add(draftOf("me.products").key);
  }
  expect(onDone).toHaveBeenCalledOnce();
  // The last one is that of the next form: the draft of this one is gone.
  expect(keys.size).toBe(2);
});

test("what an unanswered try has made is told, is not made again, and is no draft any more", async () => {
  const { result, onDone, send } = form(away, reused);
  await send({ name: "云图" });
  const { key } = draftOf("me.products");
  await send({ name: "云图科技" });
  await waitFor(() => expect(result.current.above).toEqual(["form.doneBefore", "form.doneBeforeHint"]));
  act(() => result.current.keep());
  expect(draftOf("me.products").key).not.toBe(key);
  expect(onDone).not.toHaveBeenCalled();
});
