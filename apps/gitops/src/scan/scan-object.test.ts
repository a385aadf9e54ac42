import { Buffer } from "node:buffer";
import type { JsonObject, JsonValue } from "@kubeferry/model";
import { describe, expect, it } from "vitest";
import { configMap, deployment, widget, withMetadata } from "../testing/objects.ts";
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
    ["sentences", { description: "The password: it is read from a Secret", token: "see the manual of the vendor" }],
  ])("is silent about %s", (_name, spec) => {
    expect(found(widget("shop/blue", "example.com", spec as JsonObject))).toEqual([]);
  });

  it("takes the schema of a CRD and the rules of a role for what they are", () => {
    const schema = { properties: { password: { default: "Tr0ub4dor" } }, token: "9f8e7d6c5b4a" };
    expect(found({ kind: "CustomResourceDefinition", spec: schema }, "apiextensions.k8s.io")).toEqual([]);
  });
});
