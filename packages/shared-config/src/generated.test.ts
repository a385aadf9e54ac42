import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { configJsonSchema, configReference } from "./index.ts";
import { configKeys } from "./keys.ts";
import { VARIABLES } from "./sources/environment.ts";

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

  it("every environment variable stands for a key that exists", () => {
    const keys = new Set(configKeys().map(({ steps }) => steps.join(".")));
    expect(VARIABLES.filter(({ key }) => !keys.has(key))).toEqual([]);
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
