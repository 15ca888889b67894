// Parses AsyncAPI documents; prints what @asyncapi/parser says of each, and how many messages it has found.
import { readFileSync } from "node:fs";
import { Parser } from "@asyncapi/parser";

const said = {};
for (const path of process.argv.slice(2)) {
  const { document, diagnostics } = await new Parser().parse(readFileSync(path, "utf8"), { source: path });
  said[path] = {
    messages: document?.allMessages().length ?? 0,
    channels: document?.allChannels().length ?? 0,
    diagnostics: diagnostics.map(({ code, severity, message, path: where }) => ({
      rule: String(code),
      severity,
      message,
      where: "/" + where.join("/"),
    })),
  };
}
console.log(JSON.stringify(said));
