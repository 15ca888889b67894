// Verifies deliveries with `standardwebhooks` and reads them with `cloudevents`: what clients/deliveries.py does.
import { readFileSync } from "node:fs";
import { HTTP } from "cloudevents";
import { Webhook } from "standardwebhooks";

const given = JSON.parse(readFileSync(0, "utf8"));

function isRefused(secret, body, headers) {
  try {
    new Webhook(secret).verify(body, headers);
    return 0;
  } catch {
    return 1;
  }
}

const read = [];
let refused = 0;
for (const { headers, body } of given.deliveries) {
  new Webhook(given.secret).verify(body, headers);
  refused += isRefused(given.other, body, headers);
  refused += isRefused(given.secret, `${body} `, headers);
  refused += isRefused(given.secret, body, { ...headers, "webhook-timestamp": "1" });
  const event = HTTP.toEvent({ headers, body });
  event.validate();
  read.push({ id: event.id, type: event.type, subject: event.subject });
}
console.log(JSON.stringify({ read, refused }));
