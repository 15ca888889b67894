/** What browsers and systems are called, by what they say of themselves; the first that fits, for many claim to be others. */
const BROWSERS = [
  ["wxwork", "WeCom"],
  ["MicroMessenger", "WeChat"],
  ["Edg", "Edge"],
  ["OPR", "Opera"],
  ["Firefox", "Firefox"],
  ["Chrome", "Chrome"],
  ["Safari", "Safari"],
] as const;
const SYSTEMS = [
  ["Windows", "Windows"],
  ["Android", "Android"],
  ["iPhone", "iPhone"],
  ["iPad", "iPad"],
  ["Mac OS X", "macOS"],
  ["Linux", "Linux"],
] as const;

/** A browser as people know it, such as “Chrome · Windows”; what nobody knows is called what it calls itself. */
export function browserOf(userAgent: string) {
  const known = [BROWSERS, SYSTEMS].map((names) => names.find(([said]) => userAgent.includes(said))?.[1]);
  return known.filter(Boolean).join(" · ") || userAgent;
}
