import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { countDaysBy, fullMoment } from "./days";
import { isMoment, readDay, readMoment, readNumber, readWhole } from "./reading";

beforeEach(() => {
  vi.stubEnv("TZ", "Europe/London");
  countDaysBy("Asia/Shanghai");
});
afterEach(() => {
  vi.unstubAllEnvs();
  countDaysBy(undefined);
});

test("a day is read however it is written", () => {
  const written = [
    "2026-01-05",
    "2026/01/05",
    "2026-1-5",
    "20260105",
    "2026.01.05",
    "2026年1月5日",
    "２０２６－０１－０５",
    " 2026/1/5 ",
  ];
  for (const text of written) expect(readDay(text), text).toBe("2026-01-05");
});

test("a day without its year is the nearest one to today in the house", () => {
  vi.useFakeTimers({ now: new Date("2026-11-26T16:30:00Z"), toFake: ["Date"] });
  const nearest = {
    "1/5": "2027-01-05",
    "1月5日": "2027-01-05",
    "１２月１日": "2026-12-01",
    "11/27": "2026-11-27",
    "6/1": "2026-06-01",
  };
  for (const [text, day] of Object.entries(nearest)) expect(readDay(text), text).toBe(day);
  // Where it is half a year from today, the house's day counts: it is the 27th there already.
  expect(readDay("5/28")).toBe("2027-05-28");
  for (const text of ["2/29", "13/1", "1/5/26", "1/55", "1/"]) expect(readDay(text), text).toBeUndefined();
  for (const text of ["12月1日9点", "12/1 09:00"]) expect(readMoment(text), text).toBe("2026-12-01T01:00:00.000Z");
  vi.useRealTimers();
});

test("a day is read as people call it, counted in the house", () => {
  vi.useFakeTimers({ now: new Date("2026-11-26T16:30:00Z"), toFake: ["Date"] });
  const called = {
    前天: "2026-11-25",
    昨天: "2026-11-26",
    今天: "2026-11-27",
    " 明天 ": "2026-11-28",
    后天: "2026-11-29",
  };
  for (const [text, day] of Object.entries({ ...called, Tomorrow: "2026-11-28" }))
    expect(readDay(text), text).toBe(day);
  for (const text of ["明天9点", "明天 9:00", "tomorrow 09:00"])
    expect(readMoment(text), text).toBe("2026-11-28T01:00:00.000Z");
  for (const text of ["明天见", "大后天", "明天25点"]) expect(readMoment(text), text).toBeUndefined();
  vi.useRealTimers();
});

test("what is no day of the calendar is none", () => {
  for (const text of [
    "2026-02-29",
    "2026-13-01",
    "2026-0-5",
    "2026-1-55",
    "1/5/2026",
    "05-01",
    "abc",
    "",
    "2026-01-05 9:00",
  ])
    expect(readDay(text), text).toBeUndefined();
  expect(readDay("2028-02-29")).toBe("2028-02-29");
});

test("a moment is one by the clock of the house, wherever the reader sits; a day alone is its beginning", () => {
  const written = [
    "2026-12-01 09:00",
    "2026-12-01 9:00",
    "2026/12/01 09:00",
    "2026年12月1日 9点",
    "2026年12月1日9时00分",
    "２０２６/12/1　９：００",
  ];
  for (const text of written) {
    expect(readMoment(text), text).toBe("2026-12-01T01:00:00.000Z");
    expect(fullMoment(readMoment(text)!)).toBe("2026-12-01 09:00");
  }
  expect(readMoment("2026-12-01")).toBe("2026-11-30T16:00:00.000Z");
  for (const text of ["2026-12-01 25:00", "2026-12-01 9:60", "2026-12-01 soon", "9:00"])
    expect(readMoment(text), text).toBeUndefined();
  expect(isMoment(readMoment("2026-12-01"))).toBe(true);
  expect(isMoment("2026-12-01 25:00")).toBe(false);
});

test("an amount in ten thousands is as many", () => {
  const written = {
    "12万": "120000",
    "1.5 万元": "15000",
    "¥0.5万": "5000",
    "-1,200万": "-12000000",
    "1.23456万": "12345.6",
    "3亿": "300000000",
    "1.5千": "1500",
  };
  for (const [text, number] of Object.entries(written)) expect(readNumber(text), text).toBe(number);
  expect(readWhole("12万")).toBe(120_000);
  for (const text of ["万", "12万5", "1万万"]) expect(readNumber(text), text).toBeUndefined();
});

test("commas of a number stand between thousands", () => {
  const read = {
    "1,234.50": "1234.50",
    "¥1,234.50": "1234.50",
    "￥1，234": "1234",
    "1 234 567": "1234567",
    "-1,000.5": "-1000.5",
    ".5": "0.5",
    "5.": "5",
    "１０": "10",
    "12元": "12",
  };
  for (const [text, number] of Object.entries(read)) expect(readNumber(text), text).toBe(number);
  for (const text of ["1,5", "12,50", "1,2345", "1.2.3", "abc", ".", "-", ""])
    expect(readNumber(text), text).toBeUndefined();
  expect(readWhole("１，０００")).toBe(1000);
  for (const text of ["5.5", "5.0", "abc"]) expect(readWhole(text), text).toBeUndefined();
});
