import { type ConfigKey, configKeys, expectation, isSecretKey, keyName } from "./keys.ts";
import { markdownTable } from "./markdown-table.ts";
import { variableOf } from "./old-names/variables.ts";
import { SMALLEST_EXAMPLE } from "./read-sources.ts";
import { oldNamesPage, variablesPage } from "./reference-names.ts";

const HEAD = `# Configuration

This page is generated from the schema; a test fails when the two differ. \`packages/shared-config/schema.json\` says the
same to editors: \`# yaml-language-server: $schema=<path or URL of schema.json>\` in the first line of a file.

The smallest configuration is

\`\`\`yaml
${SMALLEST_EXAMPLE}
\`\`\`

or the three environment variables \`MINIO_ENDPOINT\`, \`MINIO_ACCESS_KEY\` and \`MINIO_SECRET_KEY\`.

## Where values come from

Later ones win: defaults; the files of \`--config\` in their order (none named: \`./kubeferry.yaml\`); the folders of
\`--config-dir\` in theirs (none named: those in \`KUBEFERRY_CONFIG_DIR\`, with \`:\` between); environment variables;
\`--set\`. Sections are joined key by key; lists are replaced whole; a section whose \`type\` changes is replaced whole.
Files are YAML with anchors and merge keys (\`<<\`). An unknown key is an error. All problems are reported at once, each
with the place it was written. \`kubeferry config validate\` reports them without doing anything else, and \`kubeferry
config show --origin\` prints every value with its place.

A folder holds one file a value, as a mounted ConfigMap or Secret does: \`store.bucket\`, \`log.level\`, and the other
names [below](#names-of-files-in-a-folder). Files that begin with a dot are passed over, an empty file says nothing, and
a list has one entry a line. Values are taken as they are: \`\${…}\` means nothing in them.

\`--set\` takes a list in one line: \`--set 'gitops.namespaces=[shop, "team-*"]'\`.

In values of files:

- \`\${VAR}\` becomes the environment variable; it is an error when it is not set.
- \`\${VAR:-text}\` becomes the environment variable, or \`text\` when it is not set or empty.
- \`\${file:/path}\` becomes the contents of the file without its last line end; a relative path counts from the
  configuration file.
- \`$\${\` is a literal \`\${\`.

Relative paths count from the file they stand in, those of flags from the working directory; \`~/\` is the home folder.
Durations have units: \`500ms\`, \`5s\`, \`1m30s\`, \`1h\`, \`30d\`. Sizes are written as Kubernetes does: \`10Mi\`, \`2Gi\`.
`;

/** The reference page in Markdown. */
export function configReference(): string {
  const keys = configKeys();
  const sections = keys.filter((key) => isSection(key) && key.steps.length === 1).map((key) => sectionPage(key, keys));
  const alone = keys.filter((key) => !isSection(key) && key.steps.length === 1);
  return [HEAD, ...sections, `## Other keys\n\n${keyTable(alone)}`, variablesPage(), oldNamesPage()].join("\n");
}

// A list of sections has a page of its own, too.
function isSection({ section, node }: ConfigKey): boolean {
  return section || node.items?.properties !== undefined;
}

function sectionPage(section: ConfigKey, keys: readonly ConfigKey[]): string {
  const [name = ""] = section.steps;
  const below = keys.filter((key) => key.steps[0] === name && key.steps.length > 1);
  const needed = section.required ? " Required." : "";
  return `## ${name}\n\n${section.node.description ?? ""}${needed}\n\n${keyTable(below)}`;
}

function keyTable(keys: readonly ConfigKey[]): string {
  const rows = keys.map((key) => [`\`${keyName(key)}\``, valueText(key), defaultText(key), aboutText(key)]);
  return markdownTable([["key", "value", "default", "what it says"], ...rows]);
}

function valueText(key: ConfigKey): string {
  if (key.section) return "section";
  const text = isSecretKey(key)
    ? `secret ${key.node.type === "array" ? "texts, a list" : "text"}`
    : expectation(key.node);
  return key.node.const === undefined && key.node["x-value"] === undefined ? text : `\`${text}\``;
}

function defaultText(key: ConfigKey): string {
  if (key.node.const !== undefined) return "";
  if (key.section || key.node.default === undefined) return key.required ? "required" : "";
  return `\`${JSON.stringify(key.node.default)}\``;
}

function aboutText(key: ConfigKey): string {
  const only = key.variant === undefined || key.node.const !== undefined ? "" : `With \`type: ${key.variant}\`. `;
  const variable = variableOf(key.steps.join("."));
  const orSet = variable === undefined || key.variant === "folder" ? "" : ` Environment: \`${variable}\`.`;
  return `${only}${key.node.description ?? ""}${orSet}`.replaceAll("|", "\\|");
}
