import { expect, test } from "vitest";
import { type Progress, replay } from "./replaying";

const WISH = { publisher: "contract", consumer: "finance", again: true };

function told(stoppedAfter = 99) {
  const asked: object[] = [];
  const seen: Progress[] = [];
  const pages = [
    { sent: 4000, replay_id: "r1", kept_since: "2026-11-01T00:00:00Z", next: 4100 },
    { sent: 4000, replay_id: "r1", kept_since: null, next: 8300 },
    { sent: 12, replay_id: "r1", kept_since: null, next: null },
  ];
  const ask = async (body: object) => pages[asked.push(body) - 1]!;
  const done = replay(
    WISH,
    (progress) => seen.push(progress),
    () => asked.length >= stoppedAfter,
    ask,
  );
  return { asked, seen, done };
}

test("a replay goes on where each page says until there are no more", async () => {
  const { asked, seen, done } = told();
  await done;
  expect(asked).toEqual([
    { consumer: "finance", again: true },
    { consumer: "finance", again: true, after: 4100, replay_id: "r1" },
    { consumer: "finance", again: true, after: 8300, replay_id: "r1" },
  ]);
  expect(seen.map(({ sent, state }) => [sent, state])).toEqual([
    [4000, "running"],
    [8000, "running"],
    [8012, "finished"],
  ]);
  expect(seen.at(-1)!.keptSince).toBe("2026-11-01T00:00:00Z");
});

test("a replay that is stopped asks for no further page", async () => {
  const { asked, seen, done } = told(1);
  await done;
  expect(asked).toHaveLength(1);
  expect(seen.at(-1)).toMatchObject({ sent: 4000, state: "stopped" });
});
