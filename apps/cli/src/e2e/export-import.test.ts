import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { jsonOf, kubeferry } from "../testing/cli.ts";
import { ageKeys } from "../testing/key-pairs.ts";
import { type ProtectedBackup, protectedBackup } from "../testing/protected-backup.ts";
import { freshFolder, writeConfig } from "../testing/workspace.ts";

const TIMEOUT = { timeout: 120_000 };

describe("an encrypted and signed backup, taken elsewhere", () => {
  let taken: ProtectedBackup;
  beforeAll(async () => {
    taken = await protectedBackup();
  }, 120_000);
  afterAll(() => taken.close());

  it("is imported once, and then verifies by the keys of its new place alone", TIMEOUT, async () => {
    const age = await ageKeys();
    const store = { type: "folder", path: join(await freshFolder(), "store") };
    const own = { recipients: [age.recipient], identities: ["${OWN_IDENTITY}"] };
    const config = await writeConfig({ store, encryption: own });
    const env = { OWN_IDENTITY: age.identity };
    const args = ["snapshots", "import", "--config", config, "--from", taken.configs.opener, "--output", "json"];
    const first = await kubeferry(args, { env });
    expect(first.code, first.stderr).toBe(0);
    expect(jsonOf(first)).toMatchObject({ snapshots: [{ from: 1, outcome: "imported", sequence: 1 }] });
    expect(jsonOf(await kubeferry([...args, "--all"], { env }))).toMatchObject({ snapshots: [{ outcome: "present" }] });
    const verified = await kubeferry(["snapshots", "verify", "--config", config], { env });
    expect(verified.code, verified.stdout).toBe(0);
    expect(verified.stdout).not.toContain("not opened");
    const fresh = await writeConfig({ store: { ...store, path: join(await freshFolder(), "store") }, encryption: own });
    const refused = await kubeferry(["snapshots", "import", "--config", fresh, "--from", taken.configs.reader], {
      env,
    });
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain("encrypted, and no identity there opens it");
  });

  it(
    "is exported with its Secrets named, as a folder or an archive, and over nothing that is there",
    TIMEOUT,
    async () => {
      const folder = await freshFolder();
      const listed = join(folder, "listed");
      const said = await kubeferry(["snapshots", "export", "--config", taken.configs.opener, "--to", listed]);
      expect(said.code, said.stderr).toBe(0);
      expect(said.stdout).toContain(`kubectl apply --server-side -k ${listed}`);
      expect(await readFile(join(listed, "secrets.todo.md"), "utf8")).toContain("not in this backup");
      const whole = join(folder, "whole.tar.gz");
      const at = ["--at", "-0s", "--to", whole, "--output", "json"];
      const included = await kubeferry(["snapshots", "export", "--config", taken.configs.opener, ...at]);
      const report = jsonOf<{ objects: number; leftOut: Record<string, number> }>(included);
      expect(report.objects).toBeGreaterThan(30);
      // Most of that cluster's objects are its own: roles, namespaces, flow schemas.
      const own = Object.values(report.leftOut).reduce((total, each) => total + each, 0);
      expect(report.objects + own).toBeGreaterThan(200);
      expect((await stat(whole)).mode & 0o777).toBe(0o600);
      const again = await kubeferry(["snapshots", "export", "--config", taken.configs.opener, "--to", listed]);
      expect(again).toMatchObject({ code: 2, stderr: expect.stringContaining("the folder is not empty") });
    },
  );
});
