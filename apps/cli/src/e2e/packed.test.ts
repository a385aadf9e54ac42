import { execFile } from "node:child_process";
import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type ReplayServer, serveSnapshot } from "@kubeferry/kube-replay";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { testCall } from "../testing/call.ts";
import { smallCluster } from "../testing/small-cluster.ts";
import { freshFolder } from "../testing/workspace.ts";

const run = promisify(execFile);
const CLI = fileURLToPath(new URL("../..", import.meta.url));

describe("the packed command line, installed into an empty folder", () => {
  let folder: string;
  let cluster: ReplayServer;

  beforeAll(async () => {
    folder = await freshFolder();
    await run("npm", ["pack", "--pack-destination", folder], { cwd: CLI });
    const [tarball = ""] = (await readdir(folder)).filter((name) => name.endsWith(".tgz"));
    await writeFile(join(folder, "package.json"), '{"private":true}');
    await run("npm", ["install", "--prefer-offline", "--no-audit", "--no-fund", join(folder, tarball)], {
      cwd: folder,
    });
    cluster = await serveSnapshot(await smallCluster("before"), { port: 0 }, testCall);
  }, 300_000);
  afterAll(() => cluster.close());

  it("answers --help and carries no sources", async () => {
    const { stdout } = await installed(["--help"]);
    for (const command of ["backup", "gitops", "run", "snapshots", "doctor", "demo"]) expect(stdout).toContain(command);
    expect(await readdir(join(folder, "node_modules", "kubeferry"))).not.toContain("src");
  });

  it("does a backup", async () => {
    await writeFile(join(folder, "kubeconfig"), cluster.kubeconfig);
    const config = { kubernetes: { kubeconfig: "./kubeconfig" }, store: { type: "folder", path: "./store" } };
    await writeFile(join(folder, "kubeferry.yaml"), JSON.stringify(config));
    const { stdout } = await installed(["backup", "--output", "json"]);
    expect(JSON.parse(stdout)).toMatchObject({ status: "complete", sequence: 1, objects: 15 });
  });

  function installed(args: readonly string[]): Promise<{ stdout: string }> {
    const bin = join(folder, "node_modules", "kubeferry", "bin", "kubeferry.js");
    return run(process.execPath, [bin, ...args], { cwd: folder });
  }
});
