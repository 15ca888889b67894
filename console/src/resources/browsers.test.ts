import { expect, test } from "vitest";
import { browserOf } from "./browsers";

test("a browser is called what people call it, whatever else it claims to be", () => {
  const chrome =
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36";
  expect(browserOf(chrome)).toBe("Chrome · Windows");
  expect(browserOf(`${chrome} Edg/140.0`)).toBe("Edge · Windows");
  const iphone =
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Safari/604.1";
  expect(browserOf(iphone)).toBe("Safari · iPhone");
  expect(browserOf(`${iphone} MicroMessenger/8.0`)).toBe("WeChat · iPhone");
  expect(browserOf(`${iphone} wxwork/4.1 MicroMessenger/7.0`)).toBe("WeCom · iPhone");
  expect(browserOf("kehu-sample/1.0")).toBe("kehu-sample/1.0");
});
