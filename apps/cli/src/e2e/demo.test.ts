import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import { type CliResult, kubeferry } from "../testing/cli.ts";
import { freshFolder } from "../testing/workspace.ts";

const run = promisify(execFile);

describe("the demonstration", () => {
  let folder: string;
  let first: CliResult;

  beforeAll(async () => {
    folder = join(await freshFolder(), "demo");
    first = await kubeferry(["demo", "--folder", folder]);
  });

  it("shows the tree of a namespace, an overlay, the numbers and what to try next", () => {
    expect(first.code, first.stderr).toBe(0);
    for (const said of [
      "├── base",
      "deployment-web.yaml",
      "kind: Application",
      "path: namespaces/shop/prod",
      "Try next:",
    ]) {
      expect(first.stdout).toContain(said);
    }
    expect(first.stdout).toMatch(/Snapshot 1: \d{2,} objects/);
    expect(first.stdout).toContain("PVC data not included: 2");
  });

  it("holds a Route, a custom resource, RBAC and an Ingress in Git, and no Secret", async () => {
    const { stdout } = await run("git", [
      "--git-dir",
      join(folder, "fleet.git"),
      "ls-tree",
      "-r",
      "--name-only",
      "kubeferry/main",
    ]);
    const paths = stdout.split("\n");
    for (const kind of [
      "route.route.openshift.io-api",
      "promotion.shop.example.internal-students",
      "rolebinding-storefront",
      "ingress-web",
    ]) {
      expect(
        paths.some((path) => path.includes(kind)),
        kind,
      ).toBe(true);
    }
    expect(paths.filter((path) => /\/secret-/.test(path))).toEqual([]);
  });

  it("offers commands that work, the verification of its store among them", async () => {
    const commands = first.stdout.split("Try next:")[1]?.trim().split("\n") ?? [];
    expect(commands.map((line) => line.trim().split(" ").slice(1, 4).join(" "))).toEqual([
      "kubeferry snapshots show",
      "kubeferry snapshots verify",
      "kubeferry gitops explain",
      "kubeferry gitops --dry-run",
      expect.stringContaining("--git-dir"),
    ]);
    const offered = commands.map((line) => line.trim()).filter((line) => line.startsWith("npx kubeferry "));
    await Promise.all(
      offered.map(async (command) => {
        const result = await kubeferry(command.split(" ").slice(2));
        expect(result.code, `${command}: ${result.stderr}`).toBe(0);
      }),
    );
  });

  it("says in a second run that nothing changed, and commits nothing", async () => {
    const before = await commits(folder);
    const second = await kubeferry(["demo", "--folder", folder]);
    expect(second.code, second.stderr).toBe(0);
    expect(second.stdout).toContain("Nothing changed");
    expect(await commits(folder)).toEqual(before);
  });
});

async function commits(folder: string): Promise<string> {
  return (await run("git", ["--git-dir", join(folder, "fleet.git"), "log", "--all", "--format=%H"])).stdout;
}
