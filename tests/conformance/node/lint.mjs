// Lints OpenAPI documents by Redocly's recommended rules; prints a JSON list of what it finds for each.
import { readFileSync } from "node:fs";
import { createConfig, lintFromString } from "@redocly/openapi-core";

const config = await createConfig({ extends: ["recommended"] });
const found = {};
for (const path of process.argv.slice(2)) {
  const problems = await lintFromString({ source: readFileSync(path, "utf8"), absoluteRef: path, config });
  found[path] = problems.map(({ ruleId, severity, message, location }) => ({
    rule: ruleId,
    severity,
    message,
    where: location[0]?.pointer ?? "",
  }));
}
console.log(JSON.stringify(found));
