import { chmod, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { configMap, deployment, namespace, recordedCall, secret, widget } from "@kubeferry/test-fleet";
import { missingServers, servers } from "@kubeferry/testbed";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createFleet, type Fleet } from "../testing/fleet.ts";

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
  beforeAll(async () => {
    fleet = await createFleet("folder");
    folder = await mkdtemp(join(tmpdir(), "kubeferry-programs-"));
    await fleet.snapshot(SHOP);
  });
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
    await fleet.close();
  });

  const path = (name: "kustomize" | "kubectl") => dirname(servers.binary(name));
  const run = (programPath: string, gitops: object = {}) =>
    fleet.run({ programPath, gitops: { verify: true, environments: ENVIRONMENTS, mode: "dry-run", ...gitops } });
  /** A folder with nothing but a program of this name. */
  async function onlyProgram(name: string, script: string): Promise<string> {
    const place = await mkdtemp(join(folder, "path-"));
    await writeFile(join(place, name), `#!/bin/bash\n${script}\n`);
    await chmod(join(place, name), 0o755);
    return place;
  }

  it.each([
    ["a base with patches", {}],
    ["flat folders", { flat: true }],
    ["the shape clusters", { layout: "clusters" }],
  ])("builds every overlay with kustomize and counts what it compared: %s", async (_, gitops) => {
    expect(await run(path("kustomize"), gitops)).toMatchObject({
      status: "complete",
      verification: { by: "kustomize", overlays: 3, objects: 12, differing: 0, differences: [], notVerified: [] },
    });
  });

  it("builds with kubectl where there is no kustomize, and with our own model where there is neither", async () => {
    const kubectl = await onlyProgram("kubectl", `exec "${servers.binary("kubectl")}" "$@"`);
    expect(await run(kubectl)).toMatchObject({ verification: { by: "kubectl", overlays: 3, objects: 12 } });
    expect(await run("")).toMatchObject({ verification: { by: "model", overlays: 3, objects: 12, differing: 0 } });
  });

  it("says nothing where nobody asked", async () => {
    expect(await run(path("kustomize"), { verify: false })).not.toHaveProperty("verification");
  });

  it.each(["pull-request", "push", "directory", "dry-run"])(
    "stops before anything is written when an overlay comes out otherwise: mode %s",
    async (mode) => {
      const directory = join(folder, "fleet");
      // What it builds has another number of replicas than what Git would hold.
      const build = `out=$("${servers.binary("kustomize")}" "$@") && echo "\${out/replicas: 5/replicas: 6}"`;
      const programPath = await onlyProgram("kustomize", build);
      const { call, lines } = recordedCall();
      const gitops = { verify: true, environments: ENVIRONMENTS, mode, directory };
      const before = await fleet.git("ls-remote", fleet.url);
      await expect(fleet.run({ programPath, gitops, call })).rejects.toThrow(
        "gitops: verify the overlays with kustomize: blocked: namespaces/shop/test: Deployment shop/web differs at /spec/replicas; nothing was pushed",
      );
      expect(await fleet.git("ls-remote", fleet.url)).toEqual(before);
      expect(await readdir(folder)).not.toContain("fleet");
      expect(lines).toContain("an overlay is not as it is to be");
    },
  );

  describe("in a repository that holds the overlays already", () => {
    const STRAY = "namespaces/shop/test/kustomization.yml";
    const OURS = "namespaces/shop/test/kustomization.yaml";
    const EDITED = "resources: [../base]\nnamePrefix: my-\n";
    beforeAll(async () => {
      const split = { mode: "pull-request", pullRequest: { split: "namespace" } };
      expect(await run(path("kustomize"), split)).toMatchObject({ verification: { overlays: 3, objects: 12 } });
      await fleet.merge("kubeferry/main--shop");
    }, 60_000);

    it("builds what stays as it is, too", async () => {
      expect(await run(path("kustomize"))).toMatchObject({
        verification: { by: "kustomize", overlays: 3, objects: 12 },
      });
    });

    it("stops at a kustomization that people put beside ours; our model says that it cannot tell", async () => {
      await fleet.edit("main", { [STRAY]: EDITED });
      await expect(run(path("kustomize"))).rejects.toThrow(
        /namespaces\/shop\/test cannot be built: .*Found multiple kustomization files under.*; nothing was pushed; remove what people put beside/,
      );
      expect(await run("")).toMatchObject({
        status: "partial",
        verification: {
          by: "model",
          overlays: 2,
          objects: 8,
          notVerified: [{ overlay: "namespaces/shop/test", because: "beyond-model" }],
        },
      });
      await fleet.edit("main", { [STRAY]: null });
    });

    it("leaves a folder alone whose kustomization people edited, and does not say that it is equal", async () => {
      await fleet.edit("main", { [OURS]: EDITED });
      expect(await run(path("kustomize"))).toMatchObject({
        status: "partial",
        frozen: [{ folder: "namespaces/shop", files: ["test/kustomization.yaml"] }],
        verification: { overlays: 0, objects: 0, notVerified: [{ overlay: "namespaces/shop", because: "left-alone" }] },
      });
    });
  });
});
