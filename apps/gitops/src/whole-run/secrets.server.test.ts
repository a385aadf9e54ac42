import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { withholdSecret } from "@kubeferry/clean";
import type { GitOpsReport, JsonObject } from "@kubeferry/model";
import { configMap, namespace, type SnapshotSpec, sealingPair, secret, withMetadata } from "@kubeferry/test-fleet";
import { missingServers } from "@kubeferry/testbed";
import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createFleet, type Fleet } from "../testing/fleet.ts";

const BRANCH = "kubeferry/main";
const NO_REMOVALS = { maxRemovals: { files: 0, percent: 0 } };
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
/** What controllers make, what nobody can provide from this backup, and what holds nothing. */
const OTHERS = [
  secret("shop/token", { token: "eyJhbGciOi.abc.def" }, "kubernetes.io/service-account-token"),
  secret("shop/sh.helm.release.v1.web.v1", { release: "H4sIAAAA" }, "helm.sh/release.v1"),
  withMetadata(secret("shop/web-tls", { "tls.key": "a-private-thing" }), {
    ownerReferences: [{ apiVersion: "v1", kind: "Certificate", name: "web", uid: "u", controller: true }],
  }),
  withheld(secret("shop/mail", { password: "not-in-the-backup", user: "shop" })),
  secret("shop/empty", {}),
];

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

  function run(fleet: Fleet, secrets: object, more: object = {}): Promise<GitOpsReport> {
    return fleet.run({ gitops: { secrets, ...more }, config: { encryption: { identities: [identity] } } });
  }

  // The base branch stays as the first run left it: each test is one more backup, and what it would propose.
  describe.each([
    ["sops", SOPS],
    ["sealed-secret", SEALED],
  ] as const)("%s, once merged", (mode, path) => {
    const environments = { prod: { destination: { server: "https://kubernetes.default.svc" } } };
    let fleet: Fleet;
    let first: GitOpsReport;
    let again: GitOpsReport;
    let merged: Readonly<Record<string, string>>;
    beforeAll(async () => {
      fleet = await createFleet("folder");
      // An encrypted backup is as good as a clear one where an identity opens it.
      await fleet.snapshot([...SHOP, DB, ...OTHERS], mode === "sops" ? { sealTo: recipient } : { secrets: "plain" });
      first = await proposed();
      again = await proposed();
      await fleet.merge(BRANCH);
      merged = await fleet.files("main");
    }, 120_000);
    afterAll(() => fleet.close());

    function proposed(secrets: object = modes[mode], more: object = {}): Promise<GitOpsReport> {
      return run(fleet, secrets, { environments, ...more });
    }

    it("holds no value, and writes nothing for what controllers make", () => {
      expect(merged[path]).toMatch(
        mode === "sops" ? /^ {2}password: "ENC\[AES256_GCM,/m : /^ {4}password: "A[A-Za-z0-9+/]{300}/m,
      );
      expect(JSON.stringify(merged)).not.toMatch(/Tr0ub4dor|helm|web-tls|shop\/token/);
    });

    it("a Secret whose value is not in the backup is listed, never written", () => {
      expect(first.blocked).toEqual(
        [
          ["empty", "there is nothing in it"],
          ["mail", "its value is not in this backup; Secrets are not written to Git"],
        ].map(([name, why]) => ({
          object: `Secret shop/${name}`,
          reason: expect.stringMatching(new RegExp(`^${why}; ${TODO} lists what has to be provided$`)),
        })),
      );
      expect(Object.keys(merged).filter((each) => /mail|empty/.test(each))).toEqual([]);
      expect(merged[TODO]).toContain("| `mail` | `Opaque` | `password`, `user` | not in the backup | all |");
    });

    it("keeps its bytes through the next run, merge, sync and backup", { timeout: 60_000 }, async () => {
      expect(again, "not merged yet").toMatchObject({ commit: "" });
      await fleet.snapshot([...SHOP, synced(DB), ...OTHERS], { secrets: "plain" });
      expect(await proposed()).toMatchObject({ commit: "", blocked: first.blocked });
    });

    it("gives a new file for a new value", { timeout: 60_000 }, async () => {
      const changed = secret("shop/db", { password: "another1", user: "shop-user-1" });
      await fleet.snapshot([...SHOP, changed, ...OTHERS], { secrets: "plain" });
      expect((await proposed()).files).toEqual({ written: 0, changed: 2, removed: 0 });
      expect((await fleet.files(BRANCH))[path]).not.toBe(merged[path]);
    });

    if (mode === "sops")
      describe("lies beside", () => {
        it("and is in no build, and nothing that the project lets be deployed", { timeout: 60_000 }, async () => {
          expect(merged["argocd/project.yaml"]).toContain("kind: ConfigMap");
          expect(merged["argocd/project.yaml"]).not.toContain("kind: Secret");
          const built = Object.keys(await fleet.build("main", "namespaces/shop/prod"));
          expect(built).toEqual(["Namespace shop", "ConfigMap settings"]);
        });

        it("and is encrypted anew for a new recipient", { timeout: 60_000 }, async () => {
          const another = await identityToRecipient(await generateX25519Identity());
          await fleet.snapshot([...SHOP, DB, ...OTHERS], { sealTo: recipient });
          await proposed({ mode: "sops", sops: { recipients: [recipient, another] } });
          expect((await fleet.files(BRANCH))[SOPS]).toContain(another);
        });
      });

    if (mode === "sealed-secret")
      describe("and later backups", () => {
        it("goes on from a Secret that the controller of Sealed Secrets took over", { timeout: 60_000 }, async () => {
          const live = (await fleet.build("main", "namespaces/shop/prod"))["SealedSecret.bitnami.com db"] ?? {};
          expect(live.kind).toBe("SealedSecret");
          const owned = withMetadata(synced(DB), {
            annotations: { "sealedsecrets.bitnami.com/managed": "true" },
            ownerReferences: [
              { apiVersion: "bitnami.com/v1alpha1", kind: "SealedSecret", name: "db", uid: "s", controller: true },
            ],
          });
          const sealed = { ...live, status: { observedGeneration: 1 } };
          await fleet.snapshot([...SHOP, sealed, owned, ...OTHERS], { secrets: "plain" });
          expect(await proposed()).toMatchObject({ commit: "", blocked: first.blocked });
        });

        it("takes a file away when its Secret is gone", { timeout: 60_000 }, async () => {
          await fleet.snapshot([...SHOP, ...OTHERS], { secrets: "plain" });
          expect((await proposed()).files).toMatchObject({ removed: 1 });
          expect(Object.keys(await fleet.files(BRANCH))).not.toContain(SEALED);
        });

        it.each<[string, SnapshotSpec]>([
          ["could not be read", { unread: ["secrets"] }],
          ["were filtered out", { filtered: ["secrets"] }],
          ["were not taken", { secrets: "omit" }],
        ])("keeps every file while Secrets %s", { timeout: 60_000 }, async (_why, spec) => {
          await fleet.snapshot(SHOP, spec);
          expect(await proposed()).toMatchObject({ commit: "", files: { removed: 0 } });
        });

        it("keeps what was sealed when the next backup withholds the values", { timeout: 60_000 }, async () => {
          await fleet.snapshot([...SHOP, withheld(DB)]);
          await proposed();
          expect(Object.keys(await fleet.files(BRANCH))).toEqual(expect.arrayContaining([SEALED, TODO]));
        });

        it("keeps it too when the next backup is encrypted to others", { timeout: 60_000 }, async () => {
          await fleet.snapshot([...SHOP, DB], { sealTo: await identityToRecipient(await generateX25519Identity()) });
          await proposed();
          const files = await fleet.files(BRANCH);
          expect(files[SEALED]).toBe(merged[SEALED]);
          expect(files[TODO]).toContain("encrypted in the backup, and nothing here opens it");
        });

        it("gives way to an ExternalSecret, which needs no values, and none is counted as removed", {
          timeout: 60_000,
        }, async () => {
          await fleet.snapshot([...SHOP, withheld(DB)]);
          const report = await proposed(EXTERNAL_MODE, NO_REMOVALS);
          expect(report.blocked).toEqual([]);
          const files = Object.keys(await fleet.files(BRANCH));
          expect(files).toContain(EXTERNAL);
          expect(files).not.toContain(SEALED);
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

        it("gives way to the list with mode omit, which tells what is there from what is empty", {
          timeout: 60_000,
        }, async () => {
          await fleet.snapshot([...SHOP, DB, secret("shop/empty", {})], { secrets: "plain" });
          await proposed({ mode: "omit" }, NO_REMOVALS);
          const files = await fleet.files(BRANCH);
          expect(Object.keys(files)).not.toContain(SEALED);
          expect(files[TODO]).toMatch(
            /\| `db` .* in the backup \| all \|\n\| `empty` \| `Opaque` \| none \| there is none \| all \|/,
          );
        });
      });
  });

  it("sops: of two clusters each environment gets its own, one file where both have the same", {
    timeout: 60_000,
  }, async () => {
    const fleet = await createFleet("folder");
    const same = secret("shop/same", { password: "equal-in-both" });
    const other = { domain: "crc.testing", name: "other", uid: "kube-system-of-other" };
    await fleet.snapshot([...SHOP, DB, same], { secrets: "plain" });
    await fleet.snapshot([...SHOP, secret("shop/db", { password: "another1" }), same], { secrets: "plain" }, other);
    const environments = { dev: { cluster: "crc.testing/other" }, prod: { cluster: "crc.testing/wrl62" } };
    await run(fleet, modes.sops, { environments });
    const files = await fleet.files(BRANCH);
    expect(Object.keys(files).filter((path) => path.endsWith(".sops.yaml"))).toEqual([
      "namespaces/shop/base/secrets/same.sops.yaml",
      "namespaces/shop/dev/secrets/db.sops.yaml",
      "namespaces/shop/prod/secrets/db.sops.yaml",
    ]);
    expect(files["namespaces/shop/prod/secrets/db.sops.yaml"]).toContain("user: ");
    expect(files["namespaces/shop/dev/secrets/db.sops.yaml"]).not.toContain("user: ");
    expect(await run(fleet, modes.sops, { environments })).toMatchObject({ commit: "" });
    await fleet.close();
  });

  it("sealed-secret: is sealed for the namespace that each environment deploys to", { timeout: 60_000 }, async () => {
    const fleet = await createFleet("folder");
    await fleet.snapshot([...SHOP, DB], { secrets: "plain" });
    const dev = { namespace: "{namespace}-dev", destination: { cluster: "crc.testing/other" } };
    const environments = { dev: { ...dev, cluster: "crc.testing/wrl62" }, prod: { cluster: "crc.testing/wrl62" } };
    await run(fleet, modes["sealed-secret"], { environments });
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
    expect(await run(fleet, modes["sealed-secret"], { environments })).toMatchObject({ commit: "" });
    await fleet.close();
  });
});
