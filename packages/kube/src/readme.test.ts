import { execFile } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { missingServers, servers } from "@kubeferry/testbed";
import { describe, expect, it, onTestFinished } from "vitest";

const packageFolder = join(import.meta.dirname, "..");

describe.skipIf(missingServers("kube-apiserver"))("the README's example", () => {
  it("lists the namespaces of the cluster that KUBECONFIG names", async () => {
    const { kubeconfig } = await servers.kubeApi();
    const code = /```ts\n(.*?)```/s.exec(readFileSync(join(packageFolder, "README.md"), "utf8"))?.[1] ?? "";
    // In the package, so that its imports are found as a user's would be.
    const script = join(packageFolder, `readme-${process.pid}.ts`);
    writeFileSync(script, code);
    onTestFinished(() => rmSync(script));
    const environment = { ...process.env, KUBECONFIG: kubeconfig };
    const { stdout } = await promisify(execFile)(process.execPath, ["--conditions=kubeferry-source", script], {
      env: environment,
    });
    expect(stdout).toContain("kube-system Namespace\n");
    expect(stdout).toMatch(/\nof one revision\n$/);
  });
});
