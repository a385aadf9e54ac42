import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { chartReadme } from "./chart-readme.ts";
import type { Node } from "./config-values.ts";
import { valuesSchema } from "./values-schema.ts";
import { valuesOf } from "./values-table.ts";

const CHART = join(import.meta.dirname, "../../charts/kubeferry");
const AGAIN = "run: npm run docs";
const readChart = (file: string): string => readFileSync(join(CHART, file), "utf8");

describe("what is generated for the chart", () => {
  it("values.schema.json is up to date", () => {
    const committed: unknown = JSON.parse(readChart("values.schema.json"));
    expect(committed, AGAIN).toEqual(JSON.parse(JSON.stringify(valuesSchema())));
  });

  it("README.md is up to date", () => {
    expect(readChart("README.md"), AGAIN).toBe(chartReadme(readChart("values.yaml")));
  });

  it("every section of the values says what it is", () => {
    const texts = new Map(valuesOf(readChart("values.yaml")).map(({ path, text }) => [path.split(".")[0], text]));
    const silent = Object.keys(parse(readChart("values.yaml"))).filter((section) => !texts.has(section));
    expect(silent).toEqual([]);
  });

  it("values.yaml has every key that the schema allows, and no other", () => {
    const { global: _, ...schema } = valuesSchema().properties as Record<string, Node>;
    expect(Object.keys(parse(readChart("values.yaml"))).toSorted()).toEqual(Object.keys(schema).toSorted());
  });

  it("every value is used by a template", () => {
    const templates = globSync("templates/*", { cwd: CHART }).map(readChart).join("\n");
    const unused = valuesOf(readChart("values.yaml"))
      .map(({ path }) => path.split(".").at(-1) ?? "")
      .filter((key) => !templates.includes(`.${key}`) && !templates.includes(`"${key}"`));
    // Read by the name of the environment, of the component, or handed on whole.
    expect(unused.filter((key) => !["dev", "test", "preprod", "prod", "requests"].includes(key))).toEqual([]);
  });
});

describe("the schema of values", () => {
  const validate = new Ajv({ strict: false }).compile(valuesSchema());
  const accepts = (text: string): boolean => validate(parse(text));

  it.each([
    ["a reference to a file", "config: { store: { type: s3, secretKey: '${file:/var/run/kubeferry/store/key}' } }"],
    ["a part of a configuration", "gitops: { config: { gitops: { mode: push } } }"],
    ["a proxy without a password", "config: { network: { proxy: 'http://proxy.example.internal:3128' } }"],
    [
      "a secret variable from elsewhere",
      "pod: { env: [{ name: MINIO_SECRET_KEY, valueFrom: { secretKeyRef: { name: a, key: b } } }] }",
    ],
    [
      "a channel whose address is in a file",
      "config: { notifications: { channels: { ops: { type: slack, url: '${file:/var/run/kubeferry/slack/url}' } } } }",
    ],
    ["what a cluster lays over a section", "clusters: [{ name: east, config: { store: { bucket: east-backups } } }]"],
  ])("accepts %s", (_what, text) => {
    expect(accepts(text)).toBe(true);
  });

  it.each([
    ["a key in clear", "config: { store: { type: s3, secretKey: minioadmin } }"],
    ["a key in clear beside a reference", "config: { store: { type: s3, secretKey: 'minio${ADMIN}' } }"],
    ["a password in a proxy's address", "config: { network: { proxy: 'http://user:password@proxy:3128' } }"],
    ["a token in clear", "gitops: { config: { gitops: { repository: { token: glpat-1 } } } }"],
    ["a key of webhooks in clear", "config: { webhook: { keys: [whsec_a2V5] } }"],
    [
      "a channel's address in clear",
      "config: { notifications: { channels: { ops: { type: slack, url: 'https://x/y' } } } }",
    ],
    ["a key in clear of one cluster", "clusters: [{ name: east, config: { store: { type: s3, secretKey: x } } }]"],
    ["a key in clear of an entry of the configuration", "config: { clusters: [{ name: a, store: { secretKey: x } }] }"],
    ["an unknown value", "replicas: 2"],
    ["an unknown key of the configuration", "config: { stores: {} }"],
    ["a wrong word of the configuration", "config: { log: { level: loud } }"],
    ["a secret variable in clear", "pod: { env: [{ name: MINIO_SECRET_KEY, value: minioadmin }] }"],
    [
      "a variable with a channel's address in clear",
      "pod: { env: [{ name: SLACK_WEBHOOK_URL, value: 'https://x/y' }] }",
    ],
    ["a field in a name of an image", 'image: { tag: "1\\n    command: [sh]" }'],
    ["a field in a time zone", 'job: { timeZone: "Etc/UTC\\n  suspend: true" }'],
    ["a comment in the name of a Secret", "secrets: { store: { existingSecret: 'a #' } }"],
    ["a mapping in the host of an Ingress", "webhook: { ingress: { host: 'a: b' } }"],
    ["a Secret for nobody that exists", "secrets: { store: { existingSecret: a, for: [restore] } }"],
  ])("refuses %s", (_what, text) => {
    expect(accepts(text)).toBe(false);
  });
});
