import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { eventJsonSchema } from "@kubeferry/announce";
import { ruleReference } from "@kubeferry/clean";
import { notificationJsonSchema } from "@kubeferry/notify";
import { configJsonSchema, configReference } from "@kubeferry/shared-config";
import { logJsonSchema, telemetryReference } from "@kubeferry/telemetry";
import { drawResults, targetsIn } from "../bench/frame/pages.ts";
import { chartReadme } from "./chart/chart-readme.ts";
import { valuesSchema } from "./chart/values-schema.ts";
import { dashboardFiles } from "./monitoring/dashboards.ts";

// Writes what is generated from schemas, rules and lists. Tests compare the files with them and fail when this was
// forgotten.
const root = fileURLToPath(new URL("..", import.meta.url));
const schemaFile = join(root, "packages/shared-config/schema.json");
const valuesSchemaFile = join(root, "charts/kubeferry/values.schema.json");
const logSchemaFile = join(root, "docs/reference/log.schema.json");
const eventSchemaFile = join(root, "docs/reference/backup-completed.schema.json");
const notificationSchemaFile = join(root, "docs/reference/notification.schema.json");

write(schemaFile, `${JSON.stringify(configJsonSchema(), null, 2)}\n`);
write(join(root, "docs/reference/configuration.md"), configReference());
write(join(root, "docs/reference/cleaning-rules.md"), ruleReference());
write(logSchemaFile, `${JSON.stringify(logJsonSchema(), null, 2)}\n`);
write(join(root, "docs/reference/telemetry.md"), telemetryReference());
write(eventSchemaFile, `${JSON.stringify(eventJsonSchema(), null, 2)}\n`);
write(valuesSchemaFile, `${JSON.stringify(valuesSchema(), null, 2)}\n`);
write(
  join(root, "charts/kubeferry/README.md"),
  chartReadme(readFileSync(join(root, "charts/kubeferry/values.yaml"), "utf8")),
);
for (const { path, text } of drawResults(root)) write(path, text);
write(join(root, "docs/performance.md"), targetsIn(root));
const dashboards = dashboardFiles();
for (const { path, model } of dashboards) write(path, `${JSON.stringify(model, null, 2)}\n`);
write(notificationSchemaFile, `${JSON.stringify(notificationJsonSchema(), null, 2)}\n`);
execFileSync(process.execPath, [
  join(root, "node_modules/@biomejs/biome/bin/biome"),
  "format",
  "--write",
  schemaFile,
  logSchemaFile,
  eventSchemaFile,
  valuesSchemaFile,
  ...dashboards.map(({ path }) => path),
  notificationSchemaFile,
]);

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
