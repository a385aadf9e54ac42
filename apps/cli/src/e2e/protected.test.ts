import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { serveSnapshot } from "@kubeferry/kube-replay";
import { openStore, prefixed } from "@kubeferry/object-store";
import { openSeries } from "@kubeferry/snapshot";
import { afterEach, describe, expect, it } from "vitest";
import { EXAMPLE_CLUSTER } from "../demo/example-snapshot.ts";
import { testCall } from "../testing/call.ts";
import { type CliResult, kubeferry } from "../testing/cli.ts";
import { type ProtectedBackup, protectedBackup } from "../testing/protected-backup.ts";
import { freshFolder, writeConfig } from "../testing/workspace.ts";

const ROOT = `${EXAMPLE_CLUSTER.domain}/${EXAMPLE_CLUSTER.name}`;
const TIMEOUT = { timeout: 120_000 };

describe("an encrypted and signed backup", () => {
  const taken: ProtectedBackup[] = [];
  afterEach(async () => {
    for (const one of taken.splice(0)) await one.close();
  });
  async function fresh(): Promise<ProtectedBackup> {
    const backup = await protectedBackup();
    taken.push(backup);
    return backup;
  }

  it(
    "verifies without an identity by its bytes and with one by its objects, and shows who signed it",
    TIMEOUT,
    async () => {
      const { configs, backup } = await fresh();
      expect(backup.stdout).toContain("secrets: encrypted");
      const again = await kubeferry(["backup", "--config", configs.writer]);
      expect(again.stdout, again.stderr).toContain("segments: 0 written");
      const closed = await kubeferry(["snapshots", "verify", "--config", configs.reader]);
      expect(closed).toMatchObject({ code: 0 });
      expect(closed.stdout).toMatch(/\d+ objects encrypted: their bytes are as written, and were not opened/);
      const opened = await kubeferry(["snapshots", "verify", "--config", configs.opener]);
      expect(opened).toMatchObject({ code: 0 });
      expect(opened.stdout).not.toContain("not opened");
      const shown = await kubeferry(["snapshots", "show", "--config", configs.reader]);
      expect(shown.stdout).toMatch(/^signed with key [0-9a-f]{16}$/m);
      expect(shown.stdout).toMatch(/^encrypted to: [0-9a-f]{16}$/m);
      const listed = await kubeferry(["snapshots", "list", "--config", configs.reader]);
      expect(listed.stdout).toMatch(/^2 .* encrypt +verified /m);
    },
  );

  it(
    "is refused by every reader and by the next backup once its manifest was touched, and no key is printed",
    TIMEOUT,
    async () => {
      const { path, configs, keys } = await fresh();
      const manifest = join(path, ROOT, "_snapshots/default/0000000001.json");
      await writeFile(manifest, (await readFile(manifest, "utf8")).replace('"complete":true', '"complete":false'));
      const commands = [
        ["backup", "--config", configs.writer],
        ["snapshots", "show", "--config", configs.reader],
        ["snapshots", "verify", "--config", configs.opener],
      ];
      for (const command of commands) {
        const refused = await kubeferry(command);
        expect(refused.code, command.join(" ")).toBe(2);
        expect(refused.stderr).toContain("untrusted: its signature by key");
        expectNone(keys.secret, refused);
      }
      const listed = await kubeferry(["snapshots", "list", "--config", configs.reader]);
      expect(listed).toMatchObject({ code: 1, stdout: expect.stringMatching(/^1 .* untrusted /m) });
    },
  );

  it("says that a key is none without a byte of it", TIMEOUT, async () => {
    const text = `-----BEGIN ${"PRIVATE"} KEY-----\nbm90IGEga2V5\n-----END ${"PRIVATE"} KEY-----\n`;
    const config = await writeConfig({
      cluster: EXAMPLE_CLUSTER,
      store: { type: "folder", path: join(await freshFolder(), "store") },
      signing: { key: text },
    });
    const refused = await kubeferry(["snapshots", "list", "--config", config]);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain("read signing.key: invalid: it is not an ed25519 private key in PEM");
    expectNone(["bm90IGEga2V5"], refused);
  });

  it(
    "served as a cluster, says that Secrets are encrypted, which is neither an empty list nor absence",
    TIMEOUT,
    async () => {
      const { path } = await fresh();
      const store = await openStore({ type: "folder", path, prefix: "" });
      const snapshot = await openSeries(prefixed(store, `${ROOT}/`), "default").at(1, testCall);
      let secret = "";
      for await (const { key } of snapshot.states(({ resource }) => resource === "secrets", testCall)) secret = key;
      const [namespace, name] = secret.split("/");
      const replay = await serveSnapshot(snapshot, { port: 0, access: "anyone" }, testCall);
      try {
        const codes = [
          "/api/v1/secrets",
          `/api/v1/namespaces/${namespace}/secrets/${name}`,
          `/api/v1/namespaces/${namespace}/secrets/not-${name}`,
          `/api/v1/namespaces/${namespace}/secrets?fieldSelector=metadata.name%3D${name}`,
          `/api/v1/namespaces/${namespace}/secrets?fieldSelector=metadata.name%3Dnot-${name}`,
          "/api/v1/namespaces/a-namespace-before-all/secrets",
          "/api/v1/configmaps",
        ].map(async (path) => (await fetch(`${replay.url}${path}`)).status);
        expect(await Promise.all(codes)).toEqual([403, 403, 404, 403, 200, 200, 200]);
        const answer = await fetch(`${replay.url}/api/v1/secrets`);
        expect(await answer.text()).toContain("are encrypted in this snapshot; set encryption.identities to read them");
      } finally {
        await replay.close();
      }
    },
  );
});

function expectNone(secrets: readonly string[], { stdout, stderr }: CliResult): void {
  for (const secret of secrets) {
    const [longest = ""] = secret.split("\n").sort((left, right) => right.length - left.length);
    expect(stdout + stderr).not.toContain(longest);
  }
}
