import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { networkInterfaces, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type Call, silentLog } from "@kubeferry/model";
import { missingServers, servers } from "@kubeferry/testbed";
import { describe, expect, it } from "vitest";
import { buildKustomization } from "./build-kustomization.ts";
import { findKustomize } from "./find-kustomize.ts";

const quietCall: Call = { signal: new AbortController().signal, log: silentLog };
const CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: web\n";

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "kustomize-"));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

describe.skipIf(missingServers("kustomize", "kubectl"))("building a kustomization", () => {
  it.each(["kustomize", "kubectl"] as const)("gives what %s builds", async (name) => {
    const folder = folderWith({ "kustomization.yaml": "resources: [web.yaml]\n", "web.yaml": CONFIG });
    expect(await buildKustomization({ name, path: servers.binary(name) }, folder, quietCall)).toBe(CONFIG);
  });

  it("does not go through a link out of its folder, nor read what lies above it", async () => {
    const kustomize = { name: "kustomize", path: servers.binary("kustomize") } as const;
    const outside = folderWith({ "web.yaml": CONFIG });
    const linked = folderWith({ "kustomization.yaml": "resources: [web.yaml]\n" });
    symlinkSync(join(outside, "web.yaml"), join(linked, "web.yaml"));
    await expect(buildKustomization(kustomize, linked, quietCall)).rejects.toMatchObject({ kind: "not-built" });
    const above = folderWith({ "a/kustomization.yaml": "resources: [../web.yaml]\n", "web.yaml": CONFIG });
    await expect(buildKustomization(kustomize, join(above, "a"), quietCall)).rejects.toThrow("security");
  });

  const address = Object.values(networkInterfaces())
    .flatMap((each) => each ?? [])
    .find(({ family, internal }) => family === "IPv4" && !internal)?.address;

  it.skipIf(address === undefined)("asks nobody in the network, whatever a repository names", async () => {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url ?? "");
      response.end(CONFIG);
    });
    await new Promise<void>((resolve) => server.listen(0, "0.0.0.0", resolve));
    const { port } = server.address() as AddressInfo;
    const kustomize = { name: "kustomize", path: servers.binary("kustomize") } as const;
    try {
      for (const base of [
        `http://${address}:${port}/web.yaml`,
        "https://github.com/kubernetes-sigs/kustomize//examples",
      ]) {
        const folder = folderWith({ "kustomization.yaml": `resources: ["${base}"]\n` });
        await expect(buildKustomization(kustomize, folder, quietCall)).rejects.toMatchObject({ kind: "not-built" });
      }
    } finally {
      server.close();
    }
    expect(asked).toEqual([]);
  });

  it("takes the first of the two programs that a PATH has", async () => {
    const folder = dirname(servers.binary("kubectl"));
    expect(await findKustomize(`relative:/nonexistent:${folder}`)).toMatchObject({ name: expect.stringMatching("ku") });
    expect(await findKustomize("/nonexistent")).toBeUndefined();
  });
});
