import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { createCleaner, parseYaml } from "@kubeferry/clean";
import type { JsonObject } from "@kubeferry/model";
import { sealingPair, secret, typeOf, withMetadata } from "@kubeferry/test-fleet";
import { missingServers, servers } from "@kubeferry/testbed";
import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readCertificate } from "./certificate.ts";
import { cleanSecret } from "./clean-secret.ts";
import { createSealedSecretWriter } from "./sealed-secret.ts";
import type { SecretPlace, SecretWriter } from "./secret-writer.ts";
import { createSopsWriter } from "./sops-secret.ts";

const run = promisify(execFile);
const PLACE: SecretPlace = {
  domain: "crc.testing",
  cluster: "wrl62",
  environment: "prod",
  namespace: "shop",
  takenAt: "2026-11-21T06:00:00.123Z",
};
/** Bytes that are no text, an empty value, line feeds, and what YAML would read as something else. */
const VALUES = { password: "s3cret-Value\n", empty: "", odd: "yes: [1] # 'x' \u0000 ü", "tls.key": "a\nb\n" };
const LIVE: JsonObject = {
  ...withMetadata(secret("shop/db", VALUES, "example.com/database"), {
    labels: { team: "shop", data: "a label of this name" },
    annotations: {
      "kubectl.kubernetes.io/last-applied-configuration": '{"stringData":{"password":"s3cret-Value"}}',
      "example.com/note": "rotated by hand",
      "example.com/copy": "it is s3cret-Value",
    },
  }),
  immutable: true,
};

function written(writer: SecretWriter): Promise<string> {
  const clean = cleanSecret(LIVE, typeOf(LIVE), createCleaner(), () => false);
  return writer.write(clean, PLACE).then(({ text }) => text);
}

describe("a Secret in Git", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "kubeferry-secrets-"));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function file(name: string, text: string): Promise<string> {
    const path = join(folder, name);
    await writeFile(path, text, { mode: 0o600 });
    return path;
  }

  describe.skipIf(missingServers("sops"))("as a file of sops", () => {
    it("is decrypted by the real sops, for each recipient, to the Secret without any trace of a tool", {
      timeout: 60_000,
    }, async () => {
      const identities = [await generateX25519Identity(), await generateX25519Identity()];
      const recipients = await Promise.all(identities.map((each) => identityToRecipient(each)));
      const text = await written(createSopsWriter({ recipients }));
      for (const form of ["s3cret-Value", Buffer.from("s3cret-Value").toString("base64").slice(0, 12)]) {
        expect(text).not.toContain(form);
      }
      const path = await file("db.sops.yaml", text);
      for (const identity of identities) {
        const env = { PATH: process.env.PATH, HOME: folder, SOPS_AGE_KEY: identity };
        const { stdout } = await run(servers.binary("sops"), ["--decrypt", path], { env });
        expect(parseYaml(stdout)).toEqual({
          apiVersion: "v1",
          kind: "Secret",
          metadata: {
            name: "db",
            namespace: "shop",
            labels: { team: "shop", data: "a label of this name" },
            annotations: {
              "argocd.argoproj.io/sync-options": "Prune=false,Delete=false",
              "example.com/note": "rotated by hand",
            },
          },
          type: "example.com/database",
          immutable: true,
          data: LIVE.data,
        });
      }
    });

    it("is refused by the real sops when a clear field of it was changed", { timeout: 60_000 }, async () => {
      const identity = await generateX25519Identity();
      const text = await written(createSopsWriter({ recipients: [await identityToRecipient(identity)] }));
      const path = await file("changed.sops.yaml", text.replace("rotated by hand", "rotated by nobody"));
      const env = { PATH: process.env.PATH, HOME: folder, SOPS_AGE_KEY: identity };
      await expect(run(servers.binary("sops"), ["--decrypt", path], { env })).rejects.toThrow(/MAC mismatch/);
    });
  });

  describe.skipIf(missingServers("kubeseal"))("as a SealedSecret", () => {
    it("is opened by the controller's key alone, and only under its name in its namespace", {
      timeout: 60_000,
    }, async () => {
      const { certificate, key } = await sealingPair();
      const sealing = await readCertificate(await file("cert.pem", certificate), new Date());
      const text = await written(createSealedSecretWriter(sealing));
      expect(text).not.toContain("s3cret-Value");
      const keyFile = await file("key.pem", key);
      const { stdout } = await unseal(await file("db.yaml", text), keyFile);
      expect(JSON.parse(stdout)).toMatchObject({
        kind: "Secret",
        metadata: {
          name: "db",
          namespace: "shop",
          labels: { team: "shop" },
          annotations: { "example.com/note": "rotated by hand", "sealedsecrets.bitnami.com/managed": "true" },
        },
        type: "example.com/database",
        immutable: true,
        // How kubeseal prints no bytes.
        data: { ...(LIVE.data as JsonObject), empty: null },
      });
      expect(stdout).not.toMatch(/last-applied|example.com\/copy/);
      const moved = await file("moved.yaml", text.replaceAll("namespace: shop", "namespace: other"));
      await expect(unseal(moved, keyFile)).rejects.toThrow(/no key could decrypt/);
      const other = await file("other.pem", (await sealingPair()).key);
      await expect(unseal(join(folder, "db.yaml"), other)).rejects.toThrow(/no key could decrypt/);
    });

    function unseal(path: string, key: string) {
      const args = ["--recovery-unseal", "--recovery-private-key", key, "--format", "json"];
      return run("sh", ["-c", '"$0" "$@" < "$FILE"', servers.binary("kubeseal"), ...args], {
        env: { PATH: process.env.PATH, HOME: folder, FILE: path },
      });
    }
  });

  describe("sealed to a certificate", () => {
    it("warns of one that has expired", async () => {
      const { certificate } = await sealingPair(new Date("2026-01-02T00:00:00Z"));
      const path = await file("expired.pem", certificate);
      const { warning } = await readCertificate(path, new Date("2026-11-21T06:00:00Z"));
      expect(warning).toMatch(/^gitops.secrets.sealedSecret.certificateFile: the certificate expired on 2026-01-02;/);
    });

    it.each([
      ["a file that is not there", undefined, "it cannot be read (ENOENT)"],
      ["another text", "not a certificate", "it holds no certificate in PEM"],
      ["a private key", "-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n", "it holds a private key"],
    ])("refuses %s", async (name, text, problem) => {
      const path = text === undefined ? join(folder, "nowhere") : await file(`${name}.pem`, text);
      await expect(readCertificate(path, new Date())).rejects.toThrow(problem);
    });
  });

  it("refuses a recipient that is none, by its place", () => {
    expect(() => createSopsWriter({ recipients: ["age1nonsense"] })).toThrow(
      "gitops: read gitops.secrets.sops.recipients.0: config: it is not an age recipient; write what `age-keygen -y` prints",
    );
  });
});
