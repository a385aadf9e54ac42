import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { configMap, namespace } from "@kubeferry/test-fleet";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createFleet, type Fleet } from "../testing/fleet.ts";

const execute = promisify(execFile);
const BRANCH = "kubeferry/main";
const SETTINGS = "namespaces/shop/base/configmap-settings.yaml";
const SHOP = [namespace("shop"), configMap("shop/settings")];

describe("the branch that is written", { timeout: 60_000 }, () => {
  let fleet: Fleet;
  beforeEach(async () => {
    fleet = await createFleet("folder");
    await fleet.snapshot(SHOP);
    await fleet.run();
  });
  afterEach(() => fleet.close());

  it("is set anew when its merge was reverted: what it holds is in the base's past, and nothing is left to merge", async () => {
    const paths = Object.keys(await fleet.files(BRANCH));
    await fleet.merge(BRANCH);
    await fleet.edit("main", Object.fromEntries(paths.map((path) => [path, null])));
    const report = await fleet.run();
    expect(report).toMatchObject({ branch: BRANCH, files: { written: paths.length } });
    expect(await fleet.tip(BRANCH)).toBe(report.commit);
    await fleet.merge(BRANCH);
    expect(Object.keys(await fleet.files("main"))).toEqual(paths);
  });

  it("stays as it is when the base moved in places that are not ours", async () => {
    const tip = await fleet.tip(BRANCH);
    await fleet.edit("main", { "docs/notes.md": "Hello.\n" });
    expect(await fleet.run()).toMatchObject({ commit: "" });
    expect(await fleet.tip(BRANCH)).toBe(tip);
  });

  it("stays ours with signed commits of a configured author, after ones that were neither", async () => {
    const folder = await mkdtemp(join(tmpdir(), "kubeferry-signing-"));
    const keyFile = join(folder, "key");
    await execute("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "test", "-f", keyFile]);
    const author = { name: "Fleet bot", email: "bot@example.com" };
    const gitops = { commit: { author, signing: { format: "ssh", keyFile } } };
    await fleet.snapshot([...SHOP, configMap("shop/more")]);
    const report = await fleet.run({ gitops });
    expect(report).toMatchObject({ branch: BRANCH, commit: await fleet.tip(BRANCH) });
    const { stdout } = await fleet.git("--git-dir", fleet.url, "cat-file", "commit", report.commit);
    expect(stdout).toMatch(/^author Fleet bot <bot@example\.com> /m);
    expect(stdout).toContain("-----BEGIN SSH SIGNATURE-----");
    expect(await fleet.run({ gitops })).toMatchObject({ branch: BRANCH, commit: "" });
    await fleet.snapshot(SHOP);
    expect(await fleet.run({ gitops })).toMatchObject({ branch: BRANCH, commit: await fleet.tip(BRANCH) });
    await rm(folder, { recursive: true });
  });

  it("is left to a person who amended our commit, message and author kept", async () => {
    await amend(fleet.url, SETTINGS, "a: person's\n");
    const theirs = await fleet.tip(BRANCH);
    await fleet.snapshot([...SHOP, configMap("shop/more")]);
    expect(await fleet.run()).toMatchObject({ branch: "kubeferry/main-2" });
    expect(await fleet.tip(BRANCH)).toBe(theirs);
  });
});

/** Changes a file in our commit itself, as `git commit --amend` does. */
async function amend(repository: string, path: string, text: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "kubeferry-amend-"));
  const git = (...args: string[]) =>
    execute("git", ["-C", folder, "-c", "user.name=Somebody", "-c", "user.email=somebody@example.com", ...args]);
  try {
    await git("clone", "--quiet", "--branch", BRANCH, repository, ".");
    await writeFile(join(folder, path), text);
    await git("commit", "--quiet", "--all", "--amend", "--no-edit");
    await git("push", "--quiet", "--force", "origin", BRANCH);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
