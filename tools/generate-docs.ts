import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ruleReference } from "@kubeferry/clean";
import { configJsonSchema, configReference } from "@kubeferry/shared-config";

// Writes what is generated from the schema and the rules. Tests compare the files with them and fail when this was
// forgotten.
const root = fileURLToPath(new URL("..", import.meta.url));
const schemaFile = join(root, "packages/shared-config/schema.json");

write(schemaFile, `${JSON.stringify(configJsonSchema(), null, 2)}\n`);
write(join(root, "docs/reference/configuration.md"), configReference());
write(join(root, "docs/reference/cleaning-rules.md"), ruleReference());
execFileSync(process.execPath, [join(root, "node_modules/@biomejs/biome/bin/biome"), "format", "--write", schemaFile]);

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
