import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseYaml } from "@kubeferry/clean";
import { connectKube } from "@kubeferry/kube";
import { type JsonObject, typeName } from "@kubeferry/model";
import { type FreshKubeApi, missingServers, servers } from "@kubeferry/testbed";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { isOpenShift } from "./filter/open-shift.ts";
import { openTestBackups, testCall } from "./testing/test-backups.ts";

/** Of the module of OpenShift's API types, as its clusters install them. */
const MANIFESTS = [
  "config/v1/zz_generated.crd-manifests/0000_10_config-operator_01_infrastructures-Default.crd.yaml",
  "config/v1/zz_generated.crd-manifests/0000_10_config-operator_01_dnses.crd.yaml",
  "route/v1/zz_generated.crd-manifests/routes-Default.crd.yaml",
];

/** What OpenShift serves by a server of its own, without a definition: here a permissive one stands in. */
function standIn(group: string, plural: string, kind: string, scope = "Namespaced"): object {
  const schema = { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } };
  const names = { plural, singular: kind.toLowerCase(), kind, listKind: `${kind}List` };
  const annotations = { "api-approved.kubernetes.io": "unapproved, a stand-in for tests" };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.${group}`, annotations },
    spec: { group, names, scope, versions: [{ name: "v1", served: true, storage: true, schema }] },
  };
}

const ROUTE = {
  apiVersion: "route.openshift.io/v1",
  kind: "Route",
  metadata: { name: "web", namespace: "shop" },
  spec: { host: "web.apps.crc.testing", to: { kind: "Service", name: "web", weight: 100 }, wildcardPolicy: "None" },
};

describe.skipIf(missingServers("kube-apiserver", "go-modules"))("an OpenShift cluster, as far as its API goes", () => {
  let plain: FreshKubeApi;
  let openShift: FreshKubeApi;
  beforeAll(async () => {
    [plain, openShift] = await Promise.all([servers.freshKubeApi(), servers.freshKubeApi()]);
    const folder = await servers.goModule("openshift");
    for (const file of MANIFESTS) {
      await openShift.apply(parseYaml(await readFile(join(folder, file), "utf8")) as JsonObject);
    }
    await openShift.apply(
      standIn("build.openshift.io", "buildconfigs", "BuildConfig"),
      standIn("image.openshift.io", "imagestreams", "ImageStream"),
      standIn("image.openshift.io", "imagestreamtags", "ImageStreamTag"),
      standIn("apps.openshift.io", "deploymentconfigs", "DeploymentConfig"),
      standIn("project.openshift.io", "projects", "Project", "Cluster"),
    );
    const metadata = { name: "cluster" };
    await openShift.apply(
      { apiVersion: "config.openshift.io/v1", kind: "Infrastructure", metadata, spec: { platformSpec: {} } },
      { apiVersion: "config.openshift.io/v1", kind: "DNS", metadata, spec: { baseDomain: "crc.testing" } },
      { apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } },
      ROUTE,
      { apiVersion: "image.openshift.io/v1", kind: "ImageStream", metadata: { name: "web", namespace: "shop" } },
      { apiVersion: "image.openshift.io/v1", kind: "ImageStreamTag", metadata: { name: "web", namespace: "shop" } },
      { apiVersion: "project.openshift.io/v1", kind: "Project", metadata: { name: "shop" } },
    );
    const status = {
      infrastructureName: "crc-wrl62",
      apiServerURL: "https://api.crc.testing:6443",
      apiServerInternalURI: "https://api-int.crc.testing:6443",
      etcdDiscoveryDomain: "",
      controlPlaneTopology: "SingleReplica",
      infrastructureTopology: "SingleReplica",
    };
    const path = "/apis/config.openshift.io/v1/infrastructures/cluster/status";
    const headers = { "content-type": "application/merge-patch+json" };
    const answer = await openShift.request("PATCH", path, { status }, headers);
    expect(answer.status, answer.body).toBe(200);
  }, 180_000);
  afterAll(() => Promise.all([plain.stop(), openShift.stop()]));

  async function connected({ kubeconfig }: FreshKubeApi) {
    const kube = await connectKube({ kubeconfig });
    onTestFinished(() => kube.close());
    return kube;
  }

  async function routes(filter: object) {
    const { report, snapshot } = await (await openTestBackups({ ...openShift, backup: { filter } })).run();
    const lines: JsonObject[] = [];
    for await (const object of snapshot.objects((type) => type.group === "route.openshift.io", testCall)) {
      if (object.readable) lines.push(JSON.parse(object.line.toString("utf8")) as JsonObject);
    }
    return { lines, report, snapshot };
  }

  it("is told from a plain one by its API groups", { timeout: 60_000 }, async () => {
    expect(isOpenShift(await (await connected(plain)).discover(testCall))).toBe(false);
    expect(isOpenShift(await (await connected(openShift)).discover(testCall))).toBe(true);
  });

  it("is told from a plain one while the server behind its groups does not answer", () => {
    const stale = [{ group: "route.openshift.io", version: "v1", reason: "stale" }];
    expect(isOpenShift({ types: [], stale })).toBe(true);
  });

  it("names itself by its Infrastructure and its DNS", { timeout: 60_000 }, async () => {
    expect(await (await connected(openShift)).identify({}, testCall)).toMatchObject({
      name: "crc-wrl62",
      nameSource: "openshift-infrastructure",
      domain: "crc.testing",
      domainSource: "openshift-dns",
    });
  });

  it("has its Routes and image streams in the backup, and no views of what is in it anyway", {
    timeout: 60_000,
  }, async () => {
    const { lines, report, snapshot } = await routes({});
    expect(lines).toMatchObject([ROUTE]);
    const taken = snapshot.manifest.types.filter(({ captured }) => captured.status === "read").map(typeName);
    expect(taken).toContain("imagestreams.image.openshift.io");
    expect(taken).not.toContain("projects.project.openshift.io");
    expect(report.skipped).toContainEqual({
      resource: "projects.project.openshift.io",
      reason: "skipped_by_default: a view of namespaces, which are captured",
      count: null,
    });
  });

  it.each([
    ["auto", { openShift: "auto" }, 1, undefined],
    ["enabled", { openShift: "enabled" }, 1, undefined],
    ["disabled", { openShift: "disabled" }, 0, "openshift_disabled: backup.filter.openShift is disabled"],
    [
      "without its resources",
      { openShiftResources: false },
      0,
      "openshift_disabled: backup.filter.openShiftResources is false",
    ],
    [
      "in a whitelist",
      { mode: "whitelist", crds: ["routes.route.openshift.io"], resources: { include: ["services"] } },
      1,
      undefined,
    ],
  ])("mode %s decides about its Routes", { timeout: 60_000 }, async (_name, filter, taken, reason) => {
    const { lines, report } = await routes(filter);
    expect(lines).toHaveLength(taken);
    expect(report.skipped.find(({ resource }) => resource === "routes.route.openshift.io")?.reason).toBe(reason);
    expect(report.warnings).toEqual([]);
  });

  it("is missed where it is expected and is not there", { timeout: 60_000 }, async () => {
    const backups = await openTestBackups({ ...plain, backup: { filter: { openShift: "enabled" } } });
    expect((await backups.run()).report.warnings).toEqual([
      "backup.filter.openShift is enabled, and the API server serves none of OpenShift's groups",
    ]);
  });
});
