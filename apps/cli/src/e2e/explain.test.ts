import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { missingServers, servers } from "@kubeferry/testbed";
import { describe, expect, it } from "vitest";
import { jsonOf, kubeferry } from "../testing/cli.ts";
import { freshFolder, writeConfig } from "../testing/workspace.ts";

describe.skipIf(missingServers("kube-apiserver"))("kubeferry backup --explain", () => {
  it("says why types and objects are taken or not, and writes nothing", { timeout: 90_000 }, async () => {
    const server = await servers.kubeApi();
    const namespace = await server.freshNamespace();
    await server.apply({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "web", namespace } });
    const folder = await freshFolder();
    const config = await writeConfig({
      store: { type: "folder", path: join(folder, "store") },
      kubernetes: { kubeconfig: server.kubeconfig },
      backup: { secrets: "omit", filter: { resources: { exclude: ["nodes"] }, namespaces: { exclude: [namespace] } } },
    });
    const table = await kubeferry(["backup", "-f", config, "--explain"]);
    expect(table.code, table.stderr).toBe(0);
    expect(table.stdout).toMatch(
      /^nodes +left out +excluded_by_blacklist +backup\.filter\.resources\.exclude has nodes$/m,
    );
    expect(table.stdout).toMatch(/^events +left out +skipped_by_default +a log that expires by itself$/m);
    expect(table.stdout).toMatch(/^secrets +left out +secrets_omitted/m);
    expect(table.stdout).toMatch(/types are taken; no OpenShift$/m);

    const text = await kubeferry(["backup", "-f", config, "--explain", "configmap/web", "-n", namespace]);
    expect(text.stdout).toBe(
      `configmaps ${namespace}/web: left out, by a rule about the object: namespace_excluded: include: [], exclude: [${namespace}]\n`,
    );
    const json = await kubeferry([
      "backup",
      "-f",
      config,
      "--explain",
      `configmaps/${namespace}/web`,
      "--output",
      "json",
    ]);
    expect(jsonOf(json)).toMatchObject({
      object: `configmaps ${namespace}/web`,
      taken: false,
      reason: "namespace_excluded",
    });

    const wrong = await kubeferry(["backup", "-f", config, "--explain", "web"]);
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain("expected <type>/<name> or <type>/<namespace>/<name>");
    expect(await readdir(folder)).toEqual([]);
  });
});
