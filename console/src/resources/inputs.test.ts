import dayjs from "dayjs";
import { afterEach, expect, test, vi } from "vitest";
import { countDaysBy, fullMoment } from "./days";
import { wiring } from "./inputs";

afterEach(() => {
  vi.unstubAllEnvs();
  countDaysBy(undefined);
});

test("a moment is shown as it was chosen in the calendar or typed, wherever the reader sits", () => {
  vi.stubEnv("TZ", "Europe/London");
  countDaysBy("Asia/Shanghai");
  const { getValueProps, normalize } = wiring("moment") as Required<ReturnType<typeof wiring>>;
  const [chosen, typed] = [dayjs.tz("2026-11-20 09:00"), dayjs("2026-11-20 09:00")];
  for (const value of [chosen, typed]) {
    const said = normalize(value as never) as string;
    expect(said).toBe("2026-11-20T01:00:00.000Z");
    expect((getValueProps(said).value as typeof chosen).format("YYYY-MM-DD HH:mm")).toBe("2026-11-20 09:00");
    expect(fullMoment(said)).toBe("2026-11-20 09:00");
  }
});
