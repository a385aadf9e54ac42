import { Buffer } from "node:buffer";
import { emitYaml } from "@kubeferry/clean";
import type { JsonObject, JsonValue } from "@kubeferry/model";
import { configMap, deployment, widget, withMetadata } from "@kubeferry/test-fleet";
import { describe, expect, it } from "vitest";
import { scanObject } from "./scan-object.ts";

/** Put together so that no scanner takes this file for a leak. */
const GITHUB_TOKEN = `ghp_${"a1B2".repeat(9)}`;
const PRIVATE_KEY = [
  "-----BEGIN",
  "PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n-----END",
  "PRIVATE KEY-----",
].join(" ");
const RANDOM = ["q8Zx2Lw9Vt4Rk7Yp", "1Nd6Hs3Jb5Mf0Gc+A/e"].join("");

function found(object: JsonObject, group = ""): readonly string[] {
  return scanObject(object, group).map(({ field, what }) => `${field}: ${what}`);
}

function container(extra: JsonObject): JsonObject {
  const base = deployment("shop/web");
  const spec = { template: { spec: { containers: [{ name: "web", image: "nginx:1.29", ...extra }] } } };
  return { ...base, spec };
}

describe("looking for credentials in an object", () => {
  it.each<[string, JsonObject, string]>([
    [
      "a token by its form",
      configMap("shop/a", { "ci.sh": `git clone https://x:${GITHUB_TOKEN}@git/` }),
      "/data/ci.sh: github token by its form",
    ],
    ["a private key", configMap("shop/a", { pem: PRIVATE_KEY }), "/data/pem: private key by its form"],
    [
      "a private key in base64",
      configMap("shop/a", { pem: Buffer.from(PRIVATE_KEY).toString("base64") }),
      "/data/pem: private key by its form",
    ],
    [
      "a password in a URL",
      configMap("shop/a", { db: `postgres://shop:${"Tr0ub4dor"}@db:5432/shop` }),
      "/data/db: a password in a URL",
    ],
    [
      "a password as a key of a ConfigMap",
      configMap("shop/a", { DB_PASSWORD: "hunter2!" }),
      "/data/DB_PASSWORD: a credential by its name",
    ],
    [
      "a password in a properties file",
      configMap("shop/a", { "app.properties": "server.port=8080\nspring.datasource.password=Tr0ub4dor\n" }),
      "/data/app.properties: a credential by its name, in a line of it",
    ],
    [
      "a literal environment variable",
      container({ env: [{ name: "API_TOKEN", value: "tok-9f8e7d6c5b" }] }),
      "/spec/template/spec/containers/0/env/0/value: a credential by its name",
    ],
    [
      "an argument",
      container({ args: ["--db-password=Tr0ub4dor"] }),
      "/spec/template/spec/containers/0/args/0: a credential by its name, in a line of it",
    ],
    [
      "an annotation",
      withMetadata(configMap("shop/a"), { annotations: { "example.com/api-token": "9f8e7d6c5b4a" } }),
      "/metadata/annotations/example.com~1api-token: a credential by its name",
    ],
    [
      "a field of a custom resource",
      widget("shop/blue", "example.com", { login: { password: "Tr0ub4dor" } }),
      "/spec/login/password: a credential by its name",
    ],
    ...(
      [
        ["as one word in capitals", "PGPASSWORD=Tr0ub4dor", "/data/a: a credential by its name, in a line of it"],
        ["with a number behind it", "db_password2=Tr0ub4dor", "/data/a: a credential by its name, in a line of it"],
        [
          "in a list of YAML",
          "users:\n  - password: Tr0ub4dor\n",
          "/data/a: a credential by its name, in a line of it",
        ],
        [
          "in JSON of one line",
          '{"db":{"password":"Tr0ub4dor"}}',
          "/data/a: a credential by its name, in a line of it",
        ],
        [
          "in XML",
          "<server><password>Tr0ub4dor</password></server>",
          "/data/a: a credential by its name, in a line of it",
        ],
        [
          "in the middle of a line",
          "Server=db;User=sa;Password=Tr0ub4dor;",
          "/data/a: a credential by its name, in a line of it",
        ],
        ["in a command", `curl -d '{"password": "Tr0ub4dor"}' x`, "/data/a: a credential by its name, in a line of it"],
        [
          "behind 30,000 lines",
          `${"a=b\n".repeat(30_000)}password=Tr0ub4dor`,
          "/data/a: a credential by its name, in a line of it",
        ],
        [
          "in a long line",
          `password=Tr0ub4dor ${"x ".repeat(2_000)}`,
          "/data/a: a credential by its name, in a line of it",
        ],
        [
          "in base64",
          Buffer.from("[db]\npassword=Tr0ub4dor\n").toString("base64"),
          "/data/a: a credential by its name, in a line of it",
        ],
        ["in a Secret", "apiVersion: v1\nkind: Secret\nstringData:\n  a: Tr0ub4dor\n", "/data/a: a Secret in it"],
      ] as const
    ).map(([where, text, expected]): [string, JsonObject, string] => [
      `a password in a text ${where}`,
      configMap("shop/a", { a: text }),
      expected,
    ]),
    [
      "an argument and its value",
      container({ args: ["--db-password", "Tr0ub4dor"] }),
      "/spec/template/spec/containers/0/args/1: a credential by its name",
    ],
    [
      "a pair of key and value",
      widget("shop/blue", "example.com", { params: [{ key: "db-password", value: "Tr0ub4dor" }] }),
      "/spec/params/0/value: a credential by its name",
    ],
    [
      "a number",
      widget("shop/blue", "example.com", { password: 20260731 }),
      "/spec/password: a credential by its name",
    ],
    [
      "the value of a header",
      widget("shop/blue", "example.com", { headers: { Authorization: "Basic c2hvcDpUcjB1YjRkb3I=" } }),
      "/spec/headers/Authorization: a credential by its name",
    ],
    [
      "a Secret that an object carries",
      widget("shop/blue", "example.com", { objects: [{ kind: "Secret", data: { a: "VHIwdWI0ZG9y" } }] }),
      "/spec/objects/0/data: a Secret in it",
    ],
    [
      "a token as the name of a field, which is not repeated",
      widget("shop/blue", "example.com", { users: { [GITHUB_TOKEN]: "admin" } }),
      "/spec/users: github token by its form, in the name of a field",
    ],
    [
      "a text drawn at random",
      widget("shop/blue", "example.com", { seed: RANDOM }),
      "/spec/seed: a text drawn at random",
    ],
  ])("finds %s, and says where without the value", (_name, object, expected) => {
    expect(found(object)).toEqual([expected]);
  });

  it.each<[string, JsonValue]>([
    [
      "references to Secrets",
      { secretName: "db", passwordSecretRef: { name: "db", key: "password" }, tokenSecret: "shop-token" },
    ],
    ["variables and templates", { password: "$(DB_PASSWORD)", token: "${TOKEN}", apiKey: "{{ .Values.apiKey }}" }],
    ["paths of mounted files", { password: "/run/secrets/db", tokenFile: "/var/run/secrets/token" }],
    ["switches and numbers", { automountServiceAccountToken: "true", auth: "false", passwordLength: "24" }],
    ["names of keys", { secretKeyRef: { name: "db", key: "password" }, token: "service-account-token" }],
    [
      "digests, UIDs and public keys",
      { image: `nginx@sha256:${"0a1b2c3d".repeat(8)}`, caBundle: RANDOM, checksum: "f".repeat(64) },
    ],
    ["addresses without a password", { url: "https://user@git.example.com/a.git", mail: "mailto:a@b.c" }],
    [
      "Secrets without values",
      { a: { kind: "Secret", name: "db" }, b: { kind: "Secret", stringData: { password: "${PASSWORD}" } } },
    ],
    [
      "programs",
      {
        js: "const token = req.headers.authorization.split(' ')[1];\nlet password = form.password;\nif (user.password===hash) {}",
        py: "password = os.environ['DB_PASSWORD']\ntoken=response.json()['token']\ndef f(password=read_password()):",
      },
    ],
    ["addresses and classes", { auth: "https://sso.example.com/auth", "appender.token": "com.example.Appender" }],
    ["lines that are commented out", { conf: "# password=changed-by-nobody\n// token=also-by-nobody-1" }],
    ["sentences", { description: "The password: it is read from a Secret", token: "see the manual of the vendor" }],
  ])("is silent about %s", (_name, spec) => {
    expect(found(widget("shop/blue", "example.com", spec as JsonObject))).toEqual([]);
  });

  it("takes the schema of a CRD and the rules of a role for what they are", () => {
    const schema = { properties: { password: { default: "Tr0ub4dor" } }, token: "9f8e7d6c5b4a" };
    expect(found({ kind: "CustomResourceDefinition", spec: schema }, "apiextensions.k8s.io")).toEqual([]);
  });

  it("finds what only two fields together are, which the last look would find in the file", () => {
    const object = widget("shop/blue", "example.com", { a: `AKIA${"Q3".repeat(8)}`, b: `/${"srv/abc".repeat(5)}/end` });
    const yaml = Buffer.from(emitYaml(object));
    expect(scanObject(object, "example.com", yaml)).toEqual([
      { field: "", what: "aws access key by its form, in several fields" },
    ]);
  });

  it.each([
    ["words that could be a name", "token", `${"a-".repeat(4_000)}A`],
    ["5 MB of lines", "app.conf", "colour = blue, 17 of them\n".repeat(190_000)],
    ["5 MB of one line", "app.conf", "password=$x,".repeat(420_000)],
    ["5 MB of quotes", "app.conf", `"a":"b`.repeat(830_000)],
    ["5 MB of nothing", "app.conf", "a".repeat(5_000_000)],
    ["5 MB of JSON in itself", "app.json", `${"[".repeat(2_500_000)}${"]".repeat(2_500_000)}`],
  ])("takes a time in proportion to %s", { timeout: 30_000 }, (_what, key, text) => {
    const begin = process.cpuUsage().user;
    scanObject(configMap("shop/a", { [key]: text }), "");
    expect((process.cpuUsage().user - begin) / 1e6).toBeLessThan(10);
  });
});
