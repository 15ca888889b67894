// Reads events with amqplib, and goes on behind the last one after being killed: what clients/reader.py does, for Node.
//   reader.mjs URL stream kehu.feed FILE | reader.mjs URL queue SOURCES FILE
import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import amqp from "amqplib";
import { CloudEvent } from "cloudevents";

const [url, kind, name, path] = process.argv.slice(2);
const whole = existsSync(path) ? readFileSync(path) : Buffer.alloc(0);
const kept = whole.subarray(0, whole.lastIndexOf("\n") + 1);
writeFileSync(path, kept);
const lines = kept.toString().split("\n").filter(Boolean).map((line) => JSON.parse(line));
const known = new Set(lines.map(([, body]) => body.id));

const connection = await amqp.connect(url);
const channel = await connection.createChannel();
await channel.prefetch(20);
let queue = name;
let options = {};
if (kind === "stream") {
  options = { arguments: { "x-stream-offset": lines.length ? lines.at(-1)[0] + 1 : "first" } };
} else {
  queue = `conformance.amqplib.${basename(path, ".jsonl")}`;
  await channel.assertQueue(queue, { durable: true, arguments: { "x-queue-type": "quorum" } });
  for (const source of name.split(",")) await channel.bindQueue(queue, `${source}.events`, "#");
}
await channel.consume(
  queue,
  (message) => {
    const event = JSON.parse(message.content.toString());
    new CloudEvent(event, true);
    if (!known.has(event.id)) {
      known.add(event.id);
      appendFileSync(path, `${JSON.stringify([message.properties.headers?.["x-stream-offset"] ?? -1, event])}\n`);
    }
    channel.ack(message);
  },
  options,
);
console.log("reading");
