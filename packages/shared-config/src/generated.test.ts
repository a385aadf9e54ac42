import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { configJsonSchema, configReference } from "./index.ts";
import { configKeys, keysAt } from "./keys.ts";
import { ENVIRONMENT_NAMES, FILE_NAMES } from "./old-names/file-names.ts";
import { VARIABLES } from "./old-names/variables.ts";

const AGAIN = "run: node --conditions=kubeferry-source tools/generate-docs.ts";

describe("what is generated from the schema", () => {
  it("schema.json is up to date", () => {
    const committed: unknown = JSON.parse(readFileSync(new URL("../schema.json", import.meta.url), "utf8"));
    expect(committed, AGAIN).toEqual(JSON.parse(JSON.stringify(configJsonSchema())));
  });

  it("docs/reference/configuration.md is up to date", () => {
    const page = readFileSync(new URL("../../../docs/reference/configuration.md", import.meta.url), "utf8");
    expect(page, AGAIN).toBe(configReference());
  });

  it("every key says what it is", () => {
    const silent = configKeys().filter(({ node }) => (node.description ?? "").length < 8);
    expect(silent.map(({ steps }) => steps.join("."))).toEqual([]);
  });

  it("every variable and every old name stands for a key that exists, or says why it is not used", () => {
    const all = configKeys();
    const unknown = [...VARIABLES, ...FILE_NAMES, ...ENVIRONMENT_NAMES].flatMap(({ became }) => {
      if (became.kind === "always" || became.kind === "unused") return became.why.length > 20 ? [] : [became.why];
      return became.keys.filter((key) => keysAt(all, key.split(".")).length === 0);
    });
    expect(unknown).toEqual([]);
  });

  it("no old name is a key of today", () => {
    const all = configKeys();
    const both = [...FILE_NAMES, ...ENVIRONMENT_NAMES].filter(({ old }) => keysAt(all, old.split(".")).length > 0);
    expect(both.map(({ old }) => old)).toEqual([]);
  });
});

describe("schema.json in an editor", () => {
  const editor = z.fromJSONSchema(configJsonSchema() as Parameters<typeof z.fromJSONSchema>[0]);
  const accepts = (text: string) => editor.safeParse(parse(text)).success;

  it("accepts values and references to variables", () => {
    expect(
      accepts(`
store: { type: s3, endpoint: "http://127.0.0.1:9000", useSsl: "\${SSL:-false}", accessKey: "\${A}", secretKey: "\${B}" }
kubernetes: { pageSize: "\${PAGE}", requestTimeout: 1m30s }
log: { level: "\${LOG_LEVEL:-info}" }
backup: { mirror: false }
retention: { within: 30, byEnvironment: { dev: 7, test: 14d, prod: { daily: 30 } } }
gitops: { namespaces: ["*"], repository: { url: /r.git }, environments: { dev: {}, prod: { destination: { name: x } } } }
`),
    ).toBe(true);
  });

  it.each([
    ["an unknown key", "store: { type: folder, path: x }\nsecrets: plain"],
    ["a wrong word", "store: { type: folder, path: x }\nlog: { level: loud }"],
    ["a number out of range", "store: { type: folder, path: x }\nbatchSize: 0"],
    ["a missing key", "store: { type: folder }"],
    ["no store", "log: {}"],
  ])("marks %s", (_what, text) => {
    expect(accepts(text)).toBe(false);
  });
});
