import { createCleaner } from "@kubeferry/clean";
import type { JsonObject, Secret } from "@kubeferry/model";
import { secret, typeOf, withMetadata } from "@kubeferry/test-fleet";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createCatalog } from "../catalog.ts";
import { createFindings } from "../findings.ts";
import type { GitRef } from "../git-ref.ts";
import { createScanner } from "../scan/scanner.ts";
import { openSpool, type Spool } from "../spool.ts";
import { createFingerprint } from "./fingerprint.ts";
import { type SecretContext, takeSecret } from "./secret-step.ts";
import type { SecretWriter } from "./secret-writer.ts";

const FOLDER = "namespaces/shop";
const REF: GitRef = { group: "", resource: "secrets", kind: "Secret", namespace: "shop", name: "db" };
const SEALED: GitRef = { ...REF, group: "bitnami.com", resource: "sealedsecrets", kind: "SealedSecret" };
const IDENTITY = [{ reveal: () => "AGE-SECRET-KEY-1EXAMPLE" } as Secret];
const MANIFEST = { apiVersion: "v1", kind: "Secret", metadata: { name: "db", namespace: "shop" } };

/** Shows what it was given, as no real one does. */
const WRITER: SecretWriter = {
  needsValues: true,
  random: true,
  recipe: "test",
  warnings: [],
  distinguish: ({ namespace }) => namespace,
  write: async ({ data, annotations }) => ({ ref: SEALED, text: JSON.stringify({ data, annotations }) }),
};

describe("a Secret that is to be in Git", () => {
  let spool: Spool;
  let context: SecretContext;
  beforeEach(async () => {
    spool = await openSpool();
    const findings = createFindings(["prod"]);
    const scanner = createScanner({ allow: [{ object: "Secret shop/allowed", reason: "it is public" }] });
    context = {
      ...source("a", "uid-a"),
      writer: WRITER,
      fingerprint: createFingerprint(IDENTITY),
      environments: ["a", "b"].map((name) => ({ name, source: name })) as unknown as SecretContext["environments"],
      settingsOf: () => ({}) as ReturnType<SecretContext["settingsOf"]>,
      cleaner: createCleaner(),
      catalog: createCatalog(),
      findings,
      spool,
      scan: (object, ref) => scanner.refusalOf(object, ref, findings),
      isTheirs: () => false,
      holdsSecret: () => false,
      made: new Map(),
      settled: new Set(),
    };
  });
  afterEach(() => spool.close());

  function source(id: string, uid: string | undefined): Pick<SecretContext, "source"> {
    return { source: { id, cluster: { domain: "crc.testing", name: id, uid } } as SecretContext["source"] };
  }

  /** What is written for each source, or why nothing is. */
  async function taken(object: JsonObject, changes: Partial<SecretContext> = {}): Promise<Record<string, string>> {
    const here = { ...context, ...changes };
    await takeSecret({ folder: FOLDER, type: typeOf(object), ref: REF, object }, here);
    const entry = [...here.catalog.folder(FOLDER).values()][0];
    const texts = [...(entry?.contents ?? [])].map(async ([id, content]) => {
      return [id, (await spool.read(content)).toString("utf8")] as const;
    });
    const reasons = here.findings.secrets.map(({ reason = "" }) => ["reason", reason] as const);
    return Object.fromEntries([...reasons, ...(await Promise.all(texts))]);
  }

  it("has the values that a file gives in clear, as an API server would merge them", async () => {
    const object = { ...MANIFEST, data: { user: "YQ==\n", old: "Yg==" }, stringData: { old: "new-value" } };
    const written = await taken(object as JsonObject);
    expect(JSON.parse(written.a ?? "")).toMatchObject({ data: { user: "YQ==", old: "bmV3LXZhbHVl" } });
  });

  it.each<[string, JsonObject, string]>([
    ["is no base64", { data: { password: "Tr0ub4dor!" } }, 'its value "password" is not base64'],
    ["is no text", { stringData: { port: 5432 } }, 'its value "port" is no text'],
    [
      "is encrypted already",
      { data: { a: "ENC[AES256_GCM,data:b3Bh]" }, sops: { mac: "x" } },
      "its values are encrypted by sops already",
    ],
  ])("stays out where a value %s", async (_what, fields, reason) => {
    expect(await taken({ ...MANIFEST, ...fields } as JsonObject)).toEqual({ reason });
  });

  it("of two trees with other values is not one file, and stays out where nothing tells them apart", async () => {
    const [first, second] = ["first-value", "second-value"].map((value) => secret("shop/db", { password: value }));
    const tree = { fingerprint: createFingerprint([]) };
    expect(await taken(first as JsonObject, { ...tree, ...source("a", undefined) })).toEqual({
      reason: expect.stringContaining("nothing would tell when it changes"),
    });
    await taken(first as JsonObject, source("a", undefined));
    const { a, b } = await taken(second as JsonObject, source("b", undefined));
    expect(a).not.toBe(b);
  });

  it("stays out where the cluster has something of its own that makes it", async () => {
    expect(await taken(secret("shop/db", { password: "a-value" }), { isTheirs: ({ name }) => name === "db" })).toEqual({
      reason: "the cluster has SealedSecret db for it, which is not from this repository",
    });
  });

  it("stays out where an annotation looks like a credential of something else, unless that is allowed", async () => {
    const object = withMetadata(secret("shop/db", { password: "a-value" }), {
      annotations: { "example.com/api-token": "9f8e7d6c5b4a" },
    });
    expect((await taken(object)).reason).toMatch(/^it looks like it holds a credential: \/metadata\/annotations\//);
    await takeSecret({ folder: FOLDER, type: typeOf(object), ref: { ...REF, name: "allowed" }, object }, context);
    expect(context.findings.allowed).toMatchObject([{ object: "Secret shop/allowed", reason: "it is public" }]);
  });
});

describe("a fingerprint", () => {
  const clean = (name: string, value: string) => ({
    name,
    namespace: "shop",
    type: "Opaque",
    immutable: false,
    labels: {},
    annotations: {},
    data: { password: value },
  });
  it("says nothing of a value that is at two places, nor to whoever has another identity", () => {
    const [ours, theirs] = [IDENTITY, [{ reveal: () => "AGE-SECRET-KEY-1ANOTHER" } as Secret]].map(createFingerprint);
    const prints = [
      ours?.(clean("db", "a"), undefined, "r"),
      ours?.(clean("other", "a"), undefined, "r"),
      ours?.(clean("db", "b"), undefined, "r"),
      theirs?.(clean("db", "a"), undefined, "r"),
    ];
    expect(new Set(prints).size).toBe(4);
    expect(ours?.(clean("db", "a"), { uid: "u", resourceVersion: "2" }, "r")).toBe(prints[0]);
  });
});
