import { rename } from "node:fs/promises";
import { join } from "node:path";
import { configMap, deployment, namespace } from "@kubeferry/test-fleet";
import { missingServers } from "@kubeferry/testbed";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createFleet, type Fleet } from "../testing/fleet.ts";

const BRANCH = "kubeferry/main";
const DEV = { domain: "crc.testing", name: "dev", uid: "kube-system-of-dev" };
const PROD = { domain: "crc.testing", name: "prod", uid: "kube-system-of-prod" };
const destination = { server: "https://kubernetes.default.svc" };
const gitops = {
  environments: {
    dev: { cluster: "crc.testing/dev" },
    prod: { cluster: "crc.testing/prod", destination },
  },
};
const NO_SNAPSHOT =
  'environment prod is left as it is until its cluster was backed up: gitops: read the newest snapshot of crc.testing/prod: no-snapshot: the store holds none in series "default"';

describe.skipIf(missingServers("kustomize"))("a cluster of several that has no snapshot", () => {
  let fleet: Fleet;
  beforeEach(async () => {
    fleet = await createFleet("folder");
  });
  afterEach(() => fleet.close());

  it("keeps no other one out of Git, and comes with its first backup", { timeout: 60_000 }, async () => {
    await fleet.snapshot([namespace("shop"), deployment("shop/web", 1)], {}, DEV);
    const report = await fleet.run({ gitops });
    expect(report).toMatchObject({ status: "partial", warnings: [expect.stringContaining(NO_SNAPSHOT)] });
    expect(Object.keys(await fleet.build(BRANCH, "namespaces/shop/dev"))).toContain("Deployment web");
    await fleet.merge(BRANCH);

    await fleet.snapshot([namespace("shop"), deployment("shop/web", 3)], {}, PROD);
    expect(await fleet.run({ gitops })).toMatchObject({ status: "complete", frozen: [] });
    const prod = await fleet.build(BRANCH, "namespaces/shop/prod");
    expect(prod["Deployment web"]).toMatchObject({ spec: { replicas: 3 } });
  });

  it("loses nothing that Git has of it, while folders go on that it has no part in", { timeout: 60_000 }, async () => {
    await fleet.snapshot([namespace("shop"), namespace("tools"), configMap("tools/a")], {}, DEV);
    await fleet.snapshot([namespace("shop"), deployment("shop/web", 3)], {}, PROD);
    await fleet.run({ gitops });
    await fleet.merge(BRANCH);
    const before = await fleet.files("main");

    const place = join(fleet.url, "..", "store", "crc.testing", "prod");
    await rename(place, `${place}-gone`);
    await fleet.snapshot([namespace("shop"), namespace("tools"), configMap("tools/b")], {}, DEV);
    const report = await fleet.run({ gitops });
    expect(report.frozen.map(({ folder }) => folder)).toEqual(["namespaces/shop", "argocd"]);
    expect(Object.keys(await fleet.build(BRANCH, "namespaces/tools/dev"))).toEqual(["Namespace tools", "ConfigMap b"]);
    const after = await fleet.files(BRANCH);
    const others = ([path]: [string, string]) => !path.startsWith("namespaces/tools/");
    expect(Object.entries(after).filter(others)).toEqual(Object.entries(before).filter(others));

    await rename(`${place}-gone`, place);
    expect(await fleet.run({ gitops })).toMatchObject({ status: "complete", frozen: [] });
  });

  it("ends the run where there is no other one", async () => {
    await expect(fleet.run({ gitops })).rejects.toMatchObject({ kind: "no-snapshot" });
  });
});
