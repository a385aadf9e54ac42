import { chmod, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { configMap, deployment, namespace, recordedCall, secret, widget } from "@kubeferry/test-fleet";
import { missingServers, servers } from "@kubeferry/testbed";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createFleet, type Fleet } from "../testing/fleet.ts";

const BRANCH = "kubeferry/main";
const SHOP = [
  namespace("shop"),
  deployment("shop/web"),
  configMap("shop/settings"),
  widget("shop/blue", "example.com", { colour: "blue", large: 9007199254740993n }),
  secret("shop/login", { password: "a-password-of-the-shop" }),
];
/** Two build on the base, one with a patch; the third has its objects in a namespace of its own, whole. */
const ENVIRONMENTS = {
  prod: {},
  test: { destination: { cluster: "crc.testing/elsewhere" }, replicas: 5, labels: { tier: "small" } },
  dev: { destination: { cluster: "crc.testing/elsewhere" }, namespace: "{namespace}-dev" },
};

describe.skipIf(missingServers("kustomize", "kubectl"))("gitops.verify", { timeout: 60_000 }, () => {
  let fleet: Fleet;
  let folder: string;
  beforeEach(async () => {
    fleet = await createFleet("folder");
    folder = await mkdtemp(join(tmpdir(), "kubeferry-programs-"));
    await fleet.snapshot(SHOP);
  });
  afterEach(async () => {
    await rm(folder, { recursive: true, force: true });
    await fleet.close();
  });

  const path = (name: "kustomize" | "kubectl") => dirname(servers.binary(name));
  const run = (programPath: string, gitops: object = {}) =>
    fleet.run({ programPath, gitops: { verify: true, environments: ENVIRONMENTS, ...gitops } });

  it.each([
    ["mode pull-request", {}],
    ["mode push", { mode: "push" }],
    ["mode dry-run", { mode: "dry-run" }],
    ["flat folders", { flat: true }],
    ["the shape clusters", { layout: "clusters" }],
    ["requests of parts", { pullRequest: { split: "namespace" } }],
  ])("builds every overlay with kustomize and counts what it compared: %s", async (_, gitops) => {
    expect(await run(path("kustomize"), gitops)).toMatchObject({
      status: "complete",
      verification: { by: "kustomize", overlays: 3, objects: 12, differing: 0, differences: [], notVerified: [] },
    });
  });

  it("says nothing where nobody asked", async () => {
    expect(await run(path("kustomize"), { verify: false })).not.toHaveProperty("verification");
  });

  it("builds what stays as it is in Git, too", async () => {
    await run("");
    await fleet.merge(BRANCH);
    const report = await run(path("kustomize"));
    expect(report).toMatchObject({ commit: "", verification: { by: "kustomize", overlays: 3, objects: 12 } });
  });

  it("builds with kubectl where there is no kustomize, and with our own model where there is neither", async () => {
    await writeFile(join(folder, "kubectl"), `#!/bin/sh\nexec "${servers.binary("kubectl")}" "$@"\n`);
    await chmod(join(folder, "kubectl"), 0o755);
    expect(await run(folder)).toMatchObject({ verification: { by: "kubectl", overlays: 3, objects: 12 } });
    expect(await run("")).toMatchObject({ verification: { by: "model", overlays: 3, objects: 12, differing: 0 } });
  });

  describe.each(["pull-request", "push", "directory"])("in mode %s", (mode) => {
    it("stops before anything is written when an overlay comes out otherwise", async () => {
      const directory = join(folder, "fleet");
      // What it builds has another number of replicas than what Git holds.
      const build = `out=$("${servers.binary("kustomize")}" "$@") && echo "\${out/replicas: 5/replicas: 6}"`;
      await writeFile(join(folder, "kustomize"), `#!/bin/bash\n${build}\n`);
      await chmod(join(folder, "kustomize"), 0o755);
      const { call, lines } = recordedCall();
      const gitops = { verify: true, environments: ENVIRONMENTS, mode, directory };
      const before = await fleet.git("ls-remote", fleet.url);
      await expect(fleet.run({ programPath: folder, gitops, call })).rejects.toThrow(
        "gitops: verify the overlays with kustomize: blocked: namespaces/shop/test: Deployment shop/web differs at /spec/replicas; nothing was pushed",
      );
      expect(await fleet.git("ls-remote", fleet.url)).toEqual(before);
      expect(await readdir(folder)).toEqual(["kustomize"]);
      expect(lines).toContain("an overlay is not as it is to be");
    });
  });

  it("stops at a kustomization that people put beside ours; our model says that it cannot tell", async () => {
    await run("");
    await fleet.merge(BRANCH);
    await fleet.edit("main", { "namespaces/shop/test/kustomization.yml": "resources: [../base]\nnamePrefix: my-\n" });
    const tip = await fleet.tip("main");
    await expect(run(path("kustomize"), { mode: "push" })).rejects.toThrow(
      /namespaces\/shop\/test cannot be built: .*Found multiple kustomization files under.*; nothing was pushed; remove what people put beside/,
    );
    expect(await fleet.tip("main")).toBe(tip);
    expect(await run("", { mode: "push" })).toMatchObject({
      status: "partial",
      verification: {
        by: "model",
        overlays: 2,
        objects: 8,
        notVerified: [{ overlay: "namespaces/shop/test", because: "beyond-model" }],
      },
    });
  });

  it("leaves a folder alone whose kustomization people edited, and does not say that it is equal", async () => {
    await run("");
    await fleet.merge(BRANCH);
    await fleet.edit("main", { "namespaces/shop/test/kustomization.yaml": "resources: [../base]\nnamePrefix: my-\n" });
    expect(await run(path("kustomize"))).toMatchObject({
      status: "partial",
      frozen: [{ folder: "namespaces/shop", files: ["test/kustomization.yaml"] }],
      verification: { overlays: 0, objects: 0, notVerified: [{ overlay: "namespaces/shop", because: "left-alone" }] },
    });
  });
});
