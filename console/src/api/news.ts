/**
 * What happens, as it happens (docs/decisions/0033): one stream for all tabs of a browser, and only while one of them
 * is looked at. The tab that holds the lock reads it and tells the others; whoever was cut goes on behind the last event.
 */
import i18n from "../i18n";
import { accessToken, signedInBy } from "./session";
import { type Block, blocksOf } from "./sse";

/** An event by its type and the id of its record; null where something may have happened that nobody told. */
export type News = { type: string; subject: string } | null;
/** What tabs tell each other of a block: its news, if it has any, and the place behind it. */
export type Told = { news?: News; cursor?: string };

/** The stream is never silent for so long: where it is, there is none, and one looks instead of listening. */
const SILENCE_MS = 60_000;
const SHORTEST_MS = 2_000;
const LONGEST_MS = 60_000;

/** How long to wait after so many failures in a row: longer each time, and not all browsers at the same moment. */
export const pauseAfter = (failures: number, random = Math.random()) =>
  Math.min(LONGEST_MS, SHORTEST_MS * 2 ** failures) * (0.75 + random / 2);

/** What a block tells. A gap is an event of another name: what happened in it nobody tells any more. */
export function toldBy({ event, data, id }: Block): Told {
  if (event !== "message") return { news: null, cursor: id };
  if (!data) return { cursor: id };
  const { type, subject } = JSON.parse(data);
  return { news: { type, subject }, cursor: id };
}

/** Tells of everything that happens until the signal ends it. */
export function follow(tell: (news: News) => void, signal: AbortSignal) {
  const name = `kehu.events.${signedInBy()}`;
  const channel = new BroadcastChannel(name);
  const place: Place = { heard: Date.now() };
  const take = (told: Told) => {
    place.heard = Date.now();
    place.cursor = told.cursor ?? place.cursor;
    if (told.news !== undefined) tell(told.news);
  };
  channel.onmessage = ({ data }: MessageEvent<Told>) => take(data);
  const pass = (told: Told) => {
    channel.postMessage(told);
    take(told);
  };
  const look = setInterval(() => {
    if (!document.hidden && Date.now() - place.heard > SILENCE_MS) tell(null);
  }, SILENCE_MS);
  signal.addEventListener("abort", () => {
    clearInterval(look);
    channel.close();
  });
  void whileSeen(signal, (seen) => navigator.locks.request(name, { signal: seen }, () => readOn(place, pass, seen)));
}

type Place = { heard: number; cursor?: string };

/** Runs something whenever the tab is looked at, with a signal that ends when it no longer is. */
async function whileSeen(signal: AbortSignal, run: (seen: AbortSignal) => Promise<void>) {
  while (!signal.aborted) {
    if (document.hidden) await changed(document, "visibilitychange", signal);
    if (document.hidden || signal.aborted) continue;
    const leaving = new AbortController();
    const leave = () => document.hidden && leaving.abort();
    document.addEventListener("visibilitychange", leave);
    await run(AbortSignal.any([signal, leaving.signal])).catch(() => undefined);
    document.removeEventListener("visibilitychange", leave);
  }
}

/** Reads one stream after the other, with a pause after each. */
async function readOn(place: Place, pass: (told: Told) => void, seen: AbortSignal) {
  for (let failures = 0; !seen.aborted; failures++) {
    const before = place.heard;
    const status = await readOnce(place.cursor, pass, seen).catch(() => 0);
    // A place that this gateway does not know is no place to go on from.
    if (status === 400) place.cursor = undefined;
    if (place.heard > before) failures = 0;
    await changed(window, "online", seen, pauseAfter(failures));
  }
}

/** Reads one stream to its end; returns the status that it was answered with. */
async function readOnce(cursor: string | undefined, pass: (told: Told) => void, signal: AbortSignal) {
  const by = signedInBy();
  const token = await accessToken(by);
  if (!token) return 401;
  const headers = { Authorization: `Bearer ${token}`, "Accept-Language": i18n.language };
  const asked = { headers: { ...headers, ...(cursor && { "Last-Event-ID": cursor }) }, signal };
  const answer = await fetch("/v1/events/stream", asked);
  if (answer.status === 401) await accessToken(by, token);
  if (!answer.ok || !answer.body) return answer.status;
  const take = blocksOf();
  const pieces = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  for (let read = await pieces.read(); !read.done; read = await pieces.read())
    for (const block of take(read.value)) pass(toldBy(block));
  return answer.status;
}

/** Waits until something happens to the tab or the network, the signal ends it, or the time is over. */
function changed(target: EventTarget, event: string, signal: AbortSignal, milliseconds?: number) {
  return new Promise<void>((go) => {
    const over = new AbortController();
    const done = () => {
      over.abort();
      go();
    };
    target.addEventListener(event, done, { signal: over.signal });
    signal.addEventListener("abort", done, { signal: over.signal });
    if (milliseconds !== undefined) setTimeout(done, milliseconds);
  });
}
