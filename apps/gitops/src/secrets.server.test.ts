import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { withholdSecret } from "@kubeferry/clean";
import type { JsonObject } from "@kubeferry/model";
import { missingServers } from "@kubeferry/testbed";
import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { SnapshotSpec } from "./testing/cluster.ts";
import { createFleet, type Fleet } from "./testing/fleet.ts";
import { configMap, namespace, secret, withMetadata } from "./testing/objects.ts";
import { sealingPair } from "./testing/sealing-pair.ts";

const BRANCH = "kubeferry/main";
const SEALED = "namespaces/shop/base/sealedsecret.bitnami.com-db.yaml";
const SOPS = "namespaces/shop/base/secrets/db.sops.yaml";
const EXTERNAL = "namespaces/shop/base/externalsecret.external-secrets.io-db.yaml";
const TODO = "namespaces/shop/secrets.todo.md";
const EXTERNAL_MODE = {
  mode: "external-secret",
  externalSecret: { store: "vault", key: "{cluster}/{namespace}/{name}" },
};
const DB = secret("shop/db", { password: "Tr0ub4dor", user: "shop-user-1" });
const SHOP = [namespace("shop"), configMap("shop/settings")];

function withheld(object: JsonObject): JsonObject {
  return JSON.parse(withholdSecret(Buffer.from(JSON.stringify(object))).toString("utf8")) as JsonObject;
}

/** What a cluster says of a Secret later: Argo CD's mark, another version, fields in another order. */
function synced(object: JsonObject): JsonObject {
  const annotations = { "argocd.argoproj.io/tracking-id": "shop-prod:/Secret:shop/db" };
  const data = Object.fromEntries(Object.entries(object.data as JsonObject).reverse());
  return { ...withMetadata(object, { annotations, resourceVersion: "99" }), data };
}

describe.skipIf(missingServers("kustomize"))("Secrets in Git", () => {
  let fleet: Fleet;
  let folder: string;
  let identity: string;
  let recipient: string;
  let modes: Record<"sops" | "sealed-secret", { mode: string }>;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "kubeferry-secrets-"));
    const certificateFile = join(folder, "cert.pem");
    await writeFile(certificateFile, (await sealingPair()).certificate);
    identity = await generateX25519Identity();
    recipient = await identityToRecipient(identity);
    modes = {
      sops: { mode: "sops", sops: { recipients: [recipient] } } as { mode: string },
      "sealed-secret": { mode: "sealed-secret", sealedSecret: { certificateFile } } as { mode: string },
    };
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  beforeEach(async () => {
    fleet = await createFleet("folder");
  });
  afterEach(() => fleet.close());

  function run(secrets: object, more: object = {}) {
    return fleet.run({ gitops: { secrets, ...more }, config: { encryption: { identities: [identity] } } });
  }
  async function merged(objects: readonly JsonObject[], secrets: object, spec: SnapshotSpec): Promise<void> {
    await fleet.snapshot(objects, spec);
    await run(secrets);
    await fleet.merge(BRANCH);
  }

  it.each(["sops", "sealed-secret"] as const)(
    "%s: what did not change keeps its bytes through merge, sync and the next backup; a new value or recipient gives a new file",
    { timeout: 120_000 },
    async (mode) => {
      const path = mode === "sops" ? SOPS : SEALED;
      await fleet.snapshot([...SHOP, DB], { secrets: "plain" });
      await run(modes[mode]);
      expect(await run(modes[mode]), "not merged yet").toMatchObject({ commit: "" });
      await fleet.merge(BRANCH);
      const before = (await fleet.files("main"))[path];
      await fleet.snapshot([...SHOP, synced(DB)], { secrets: "plain" });
      expect(await run(modes[mode])).toMatchObject({ commit: "", blocked: [] });
      await fleet.snapshot([...SHOP, secret("shop/db", { password: "another1", user: "shop-user-1" })], {
        secrets: "plain",
      });
      expect((await run(modes[mode])).files).toEqual({ written: 0, changed: 2, removed: 0 });
      expect((await fleet.files(BRANCH))[path]).not.toBe(before);
    },
  );

  it("sops: the file lies beside, is in no build, and is made from an encrypted backup where an identity opens it", {
    timeout: 120_000,
  }, async () => {
    await fleet.snapshot([...SHOP, DB], { sealTo: recipient });
    const environments = { prod: { destination: { server: "https://kubernetes.default.svc" } } };
    await run(modes.sops, { environments });
    const files = await fleet.files(BRANCH);
    expect(files["argocd/project.yaml"]).toContain("kind: ConfigMap");
    expect(files["argocd/project.yaml"]).not.toContain("kind: Secret");
    const text = files[SOPS] ?? "";
    expect(text).toMatch(/^ {2}password: "ENC\[AES256_GCM,/m);
    expect(Object.keys(await fleet.build(BRANCH, "namespaces/shop/prod"))).toEqual([
      "Namespace shop",
      "ConfigMap settings",
    ]);
    const another = await identityToRecipient(await generateX25519Identity());
    await fleet.merge(BRANCH);
    await run({ mode: "sops", sops: { recipients: [recipient, another] } }, { environments });
    expect((await fleet.files(BRANCH))[SOPS]).toContain(another);
  });

  it("external-secret: is written from a backup without values, with the names of keys, and builds", {
    timeout: 120_000,
  }, async () => {
    await fleet.snapshot([...SHOP, withheld(DB)]);
    const report = await run(EXTERNAL_MODE);
    expect(report.blocked).toEqual([]);
    expect((await fleet.build(BRANCH, "namespaces/shop/prod"))["ExternalSecret db"]).toMatchObject({
      metadata: { annotations: { "argocd.argoproj.io/sync-options": "Prune=false,Delete=false" } },
      spec: {
        secretStoreRef: { kind: "ClusterSecretStore", name: "vault" },
        target: { name: "db", creationPolicy: "Merge", deletionPolicy: "Retain", template: { type: "Opaque" } },
        data: [
          {
            secretKey: "password",
            remoteRef: { key: "wrl62/shop/db", property: "password", conversionStrategy: "Default" },
          },
          { secretKey: "user", remoteRef: { key: "wrl62/shop/db", property: "user" } },
        ],
      },
    });
  });

  it.each(["sops", "sealed-secret"] as const)(
    "%s: a Secret whose value is not in the backup is listed, never written",
    {
      timeout: 120_000,
    },
    async (mode) => {
      await fleet.snapshot([...SHOP, withheld(DB)]);
      const report = await run(modes[mode]);
      expect(report.blocked).toEqual([
        {
          object: "Secret shop/db",
          reason: `its value is not in this backup; Secrets are not written to Git; ${TODO} lists what has to be provided`,
        },
      ]);
      const files = await fleet.files(BRANCH);
      expect(Object.keys(files)).not.toContain(SEALED);
      expect(Object.keys(files)).not.toContain(SOPS);
      expect(files[TODO]).toContain("| `db` | `Opaque` | `password`, `user` | not in the backup | all |");
    },
  );

  it("sealed-secret: is sealed for the namespace that each environment deploys to", { timeout: 120_000 }, async () => {
    await fleet.snapshot([...SHOP, DB], { secrets: "plain" });
    const dev = { namespace: "{namespace}-dev", destination: { cluster: "crc.testing/other" } };
    const environments = { dev: { ...dev, cluster: "crc.testing/wrl62" }, prod: { cluster: "crc.testing/wrl62" } };
    await run(modes["sealed-secret"], { environments });
    for (const [environment, expected] of [
      ["dev", "shop-dev"],
      ["prod", "shop"],
    ] as const) {
      const built = await fleet.build(BRANCH, `namespaces/shop/${environment}`);
      expect(built["SealedSecret.bitnami.com db"]).toMatchObject({
        metadata: { namespace: expected },
        spec: { template: { metadata: { namespace: expected } } },
      });
    }
    expect(await run(modes["sealed-secret"], { environments })).toMatchObject({ commit: "" });
  });

  it("lists what is empty, encrypted to others, and there, as three different things", {
    timeout: 120_000,
  }, async () => {
    await fleet.snapshot([...SHOP, DB, secret("shop/empty", {})], { secrets: "plain" });
    await run({ mode: "omit" });
    expect((await fleet.files(BRANCH))[TODO]).toMatch(
      /\| `db` .* in the backup \| all \|\n\| `empty` \| `Opaque` \| none \| there is none \| all \|/,
    );
    await fleet.snapshot([...SHOP, DB], { sealTo: await identityToRecipient(await generateX25519Identity()) });
    await run(modes.sops);
    expect((await fleet.files(BRANCH))[TODO]).toContain("encrypted in the backup, and nothing here opens it");
  });

  it("writes nothing for what controllers make: tokens, Helm's releases, Secrets with an owner", {
    timeout: 120_000,
  }, async () => {
    const owner = {
      ownerReferences: [{ apiVersion: "v1", kind: "Certificate", name: "web", uid: "u", controller: true }],
    };
    await fleet.snapshot(
      [
        ...SHOP,
        secret("shop/token", { token: "eyJhbGciOi.abc.def" }, "kubernetes.io/service-account-token"),
        secret("shop/sh.helm.release.v1.web.v1", { release: "H4sIAAAA" }, "helm.sh/release.v1"),
        withMetadata(secret("shop/web-tls", { "tls.key": "a-private-thing" }), owner),
      ],
      { secrets: "plain" },
    );
    await run(modes["sealed-secret"]);
    expect(JSON.stringify(await fleet.files(BRANCH))).not.toMatch(/SealedSecret|helm|tls/);
  });

  it("goes on from a Secret that the controller of Sealed Secrets took over", { timeout: 120_000 }, async () => {
    await merged([...SHOP, DB], modes["sealed-secret"], { secrets: "plain" });
    const live = (await fleet.build("main", "namespaces/shop/prod"))["SealedSecret.bitnami.com db"] ?? {};
    expect(live.kind).toBe("SealedSecret");
    const owned = withMetadata(synced(DB), {
      annotations: { "sealedsecrets.bitnami.com/managed": "true" },
      ownerReferences: [
        { apiVersion: "bitnami.com/v1alpha1", kind: "SealedSecret", name: "db", uid: "s", controller: true },
      ],
    });
    await fleet.snapshot([...SHOP, { ...live, status: { observedGeneration: 1 } }, owned], { secrets: "plain" });
    expect(await run(modes["sealed-secret"])).toMatchObject({ commit: "", blocked: [] });
  });

  describe("removing", () => {
    it("takes a file away when its Secret is gone", { timeout: 120_000 }, async () => {
      await merged([...SHOP, DB], modes["sealed-secret"], { secrets: "plain" });
      await fleet.snapshot(SHOP, { secrets: "plain" });
      expect((await run(modes["sealed-secret"])).files).toMatchObject({ removed: 1 });
      expect(Object.keys(await fleet.files(BRANCH))).not.toContain(SEALED);
    });

    it.each<[string, SnapshotSpec]>([
      ["could not be read", { unread: ["secrets"] }],
      ["were filtered out", { filtered: ["secrets"] }],
      ["were not taken", { secrets: "omit" }],
    ])("keeps every file while Secrets %s", { timeout: 120_000 }, async (_why, spec) => {
      await merged([...SHOP, DB], modes["sealed-secret"], { secrets: "plain" });
      await fleet.snapshot(SHOP, spec);
      expect(await run(modes["sealed-secret"])).toMatchObject({ commit: "", files: { removed: 0 } });
    });

    it("keeps what was sealed when the next backup withholds the values", { timeout: 120_000 }, async () => {
      await merged([...SHOP, DB], modes["sealed-secret"], { secrets: "plain" });
      await fleet.snapshot([...SHOP, withheld(DB)]);
      await run(modes["sealed-secret"]);
      expect(Object.keys(await fleet.files(BRANCH))).toEqual(expect.arrayContaining([SEALED, TODO]));
    });

    it.each([
      ["external-secret", EXTERNAL_MODE, EXTERNAL],
      ["omit", { mode: "omit" }, TODO],
    ])("of a file counts as none when the mode becomes %s", { timeout: 120_000 }, async (_mode, secrets, path) => {
      await merged([...SHOP, DB], modes["sealed-secret"], { secrets: "plain" });
      await run(secrets, { maxRemovals: { files: 0, percent: 0 } });
      const files = Object.keys(await fleet.files(BRANCH));
      expect(files).toContain(path);
      expect(files).not.toContain(SEALED);
    });
  });
});
