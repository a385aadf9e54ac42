import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Call, JsonObject } from "@kubeferry/model";
import { configMap, deployment, namespace, sealingPair, secret, widget, withMetadata } from "@kubeferry/test-fleet";
import { missingServers } from "@kubeferry/testbed";
import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createFleet, type Fleet } from "../testing/fleet.ts";

const run = promisify(execFile);
const VALUE = "correct-horse-battery-staple-7391";
const OLD_VALUE = "what-the-value-was-before-2604";
const FORMS = [VALUE, OLD_VALUE].flatMap((value) => [
  value,
  Buffer.from(value).toString("base64").replace(/=+$/, ""),
  Buffer.from(value).toString("base64url"),
]);

/** The value in a Secret, and everywhere that people copy one to. */
const OBJECTS: readonly JsonObject[] = [
  namespace("vault"),
  configMap("vault/ordinary"),
  withMetadata(secret("vault/planted", { password: VALUE }), {
    labels: { team: "vault", copy: VALUE },
    annotations: {
      "kubectl.kubernetes.io/last-applied-configuration": JSON.stringify({
        kind: "Secret",
        stringData: { password: OLD_VALUE },
      }),
      "example.com/copy": `it was ${VALUE}`,
    },
  }),
  configMap("vault/copied", {
    "app.conf": `listen = 80\nurl = postgres://db/${Buffer.from(VALUE).toString("base64")}\n`,
  }),
  withMetadata(configMap("vault/annotated"), { annotations: { "example.com/note": VALUE } }),
  withEnv(deployment("vault/web"), { name: "SETTING", value: VALUE }),
  widget("vault/blue", "example.com", { nested: [{ deep: VALUE }] }),
];

function withEnv(object: JsonObject, variable: JsonObject): JsonObject {
  const spec = object.spec as { template: { spec: { containers: JsonObject[] } } };
  const containers = spec.template.spec.containers.map((each) => ({ ...each, env: [variable] }));
  return {
    ...object,
    spec: { ...spec, template: { ...spec.template, spec: { containers } } },
  } as unknown as JsonObject;
}

describe.skipIf(missingServers("gitea"))("a planted secret value", () => {
  let fleet: Fleet;
  let temporary: string;
  beforeEach(async () => {
    fleet = await createFleet("gitea");
    temporary = await mkdtemp(join(tmpdir(), "kubeferry-planted-"));
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await fleet.close();
    await rm(temporary, { recursive: true, force: true });
  });

  it.each(["omit", "external-secret", "sops", "sealed-secret"] as const)(
    "is in no blob, no message, no log, no request and no file that is left with mode %s",
    { timeout: 120_000 },
    async (mode) => {
      const identity = await generateX25519Identity();
      const certificateFile = join(temporary, "cert.pem");
      await writeFile(certificateFile, (await sealingPair()).certificate);
      const sections = {
        omit: {},
        "external-secret": { externalSecret: { store: "vault" } },
        sops: { sops: { recipients: [await identityToRecipient(identity)] } },
        "sealed-secret": { sealedSecret: { certificateFile } },
      };
      await fleet.snapshot(OBJECTS, { secrets: "plain" });
      const left = join(temporary, "left");
      await run("mkdir", [left]);
      vi.stubEnv("TMPDIR", left);
      const lines: string[] = [];
      const report = await fleet.run({
        gitops: { secrets: { mode, ...sections[mode] } },
        config: { encryption: { identities: [identity] } },
        call: recording(lines),
      });
      expect(await readdir(left)).toEqual([]);
      vi.unstubAllEnvs();
      const blocked = report.blocked.map(({ object }) => object);
      expect(blocked).toEqual(expect.arrayContaining(["ConfigMap vault/copied", "Deployment vault/web"]));
      const paths = Object.keys(await fleet.files("kubeferry/main"));
      expect(paths).toContain("namespaces/vault/base/configmap-ordinary.yaml");
      expect(paths.some((path) => /planted/.test(path))).toBe(mode !== "omit");
      expectClean("report", JSON.stringify(report));
      expectClean("log", lines.join("\n"));
      expect(lines.length).toBeGreaterThan(2);
      expectClean("request", JSON.stringify(await fleet.api("GET", "/pulls?state=all")));
      expectClean("repository", await everyObject(fleet, join(temporary, "all.git")));
    },
  );
});

function recording(lines: string[]): Call {
  const note = (message: string, fields?: object) => void lines.push(`${message} ${JSON.stringify(fields)}`);
  return { signal: new AbortController().signal, log: { debug: note, info: note, warn: note, error: note } };
}

/** All blobs, trees and messages of all branches. */
async function everyObject(fleet: Fleet, place: string): Promise<string> {
  const { stdout: refs } = await fleet.git("clone", "--quiet", "--mirror", fleet.url, place);
  const { stdout } = await run("git", ["-C", place, "cat-file", "--batch-all-objects", "--batch"], {
    maxBuffer: 64 * 1024 * 1024,
  });
  expect(stdout.length).toBeGreaterThan(2_000);
  return refs + stdout;
}

function expectClean(where: string, text: string): void {
  for (const form of FORMS) expect(text.includes(form), `${where} holds the planted value`).toBe(false);
}
