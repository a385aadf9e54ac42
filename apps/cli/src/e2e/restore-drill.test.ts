import { spawn } from "node:child_process";
import type { DrillReport } from "@kubeferry/recovery";
import { type FreshKubeApi, missingServers, servers } from "@kubeferry/testbed";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundled } from "../testing/bundled.ts";
import { jsonOf, kubeferry, sharedByTheRun } from "../testing/cli.ts";
import { buildShop } from "../testing/shop.ts";
import { freshStores, writeConfig } from "../testing/workspace.ts";

const LIMIT = { timeout: 60_000 };
/** Of what a namespace holds, a claim goes only when a controller of its own lets it. */
const CONTROLLERS = [
  "namespace-controller",
  "garbage-collector-controller",
  "persistentvolumeclaim-protection-controller",
];
const LABEL = "kubeferry.io/drill";

describe.skipIf(missingServers("kube-apiserver", "kube-controller-manager"))("restore drill", () => {
  let cluster: FreshKubeApi | undefined;
  let config: string;
  const server = () => cluster as FreshKubeApi;

  beforeAll(async () => {
    cluster = await servers.freshKubeApi({ controllers: CONTROLLERS });
    await buildShop(server());
    config = await writeConfig({
      store: (await freshStores.folder()).section,
      cluster: { name: "a", domain: "example.internal" },
      kubernetes: { kubeconfig: server().kubeconfig },
      backup: { secrets: "plain" },
      recovery: { restore: { waitTimeout: "20s" } },
    });
    const backup = await kubeferry(["backup", "--config", config]);
    expect(backup.code, backup.stderr).toBe(0);
    // The target of a drill is often a cluster that lacks the type.
    await server().request("DELETE", DEFINITION);
    await until(async () => (await statusOf(DEFINITION)) === 404);
  }, 180_000);

  afterAll(async () => {
    await cluster?.stop();
  });

  const args = (...more: string[]) => ["restore", "drill", "--config", config, "-n", "shop", ...more];
  const drill = (...more: string[]) => kubeferry(args(...more, "--output", "json"));

  it(
    "brings a namespace back, finds it as it was, and leaves nothing, nor what a killed drill left",
    LIMIT,
    async () => {
      const before = await names();
      await endedOnTheWay("SIGKILL");
      const young = await kubeferry(args());
      expect(young.code).toBe(2);
      expect(young.stderr).toContain("may still be at work");
      expect(young.stderr).toContain(`kubectl delete namespaces,customresourcedefinitions -l ${LABEL}=`);
      const done = await drill("--remove-leftovers");
      expect(done.code, done.stdout + done.stderr).toBe(0);
      const report = jsonOf<DrillReport>(done);
      expect(report).toMatchObject({
        status: "complete",
        namespaces: [{ from: "shop", to: "drill-shop" }],
        differences: [],
        failures: [],
        cleanup: {
          kept: false,
          removed: ["namespaces/drill-shop", "customresourcedefinitions.apiextensions.k8s.io/widgets.shop.example.com"],
          left: [],
        },
      });
      expect(report.objects.asMeant).toBe(report.objects.meant - report.objects.there);
      expect(report.objects.meant).toBeGreaterThan(15);
      expect(report.restoreSeconds).toBeGreaterThan(0);
      expect(report.warnings.join()).toContain("namespaces/drill-shop was left of an earlier drill");
      expect(report.leftOut.join()).toContain("validatingwebhookconfigurations");
      expect(await names()).toEqual(before);
    },
  );

  it("touches no namespace that it did not make, labelled or not", LIMIT, async () => {
    const made = await server().request("POST", "/api/v1/namespaces", {
      metadata: { name: "drill-shop", labels: { [LABEL]: "20200101t000000z-0a1b2c" } },
    });
    expect(made.status).toBe(201);
    const refused = await kubeferry(args("--remove-leftovers"));
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain("namespace drill-shop that no drill has made");
    expect((await read("/api/v1/namespaces/drill-shop")).metadata.uid).toBe(JSON.parse(made.body).metadata.uid);
    await server().request("DELETE", "/api/v1/namespaces/drill-shop");
    await until(async () => (await statusOf("/api/v1/namespaces/drill-shop")) === 404);
  });

  it("names the object that the target refuses", LIMIT, async () => {
    await refuse("settings");
    const done = await drill();
    expect(done.code, done.stdout + done.stderr).toBe(1);
    expect(jsonOf<DrillReport>(done)).toMatchObject({
      status: "partial",
      failures: [{ object: "configmaps/drill-shop/settings", reason: expect.stringContaining("no settings here") }],
      objects: { failed: 1 },
      cleanup: { left: [] },
    });
    for (const kind of ["validatingadmissionpolicybindings", "validatingadmissionpolicies"]) {
      await server().request("DELETE", `/apis/admissionregistration.k8s.io/v1/${kind}/refuse`);
    }
    await until(async () => (await trying("settings")) === 201);
  });

  it("removes what it made when it is stopped", LIMIT, async () => {
    expect(await endedOnTheWay("SIGTERM")).toBe(143);
    await until(async () => (await statusOf("/api/v1/namespaces/drill-shop")) === 404);
    expect(await statusOf(DEFINITION)).toBe(404);
  });

  it("keeps what it made when it is asked to", LIMIT, async () => {
    const done = await drill("--keep", "--namespace-prefix", "kept-");
    expect(done.code, done.stdout + done.stderr).toBe(0);
    const { run, cleanup } = jsonOf<DrillReport>(done);
    expect(cleanup).toMatchObject({ kept: true, removed: [], command: expect.stringContaining(`${LABEL}=${run}`) });
    const deployment = await read("/apis/apps/v1/namespaces/kept-shop/deployments/web");
    expect(deployment.spec.replicas).toBe(0);
    const again = await kubeferry(args("--remove-leftovers", "--namespace-prefix", "kept-"));
    expect(again.code).toBe(2);
    expect(again.stderr).toContain("was to keep it");
  });

  async function refuse(name: string): Promise<void> {
    const group = { apiVersion: "admissionregistration.k8s.io/v1", metadata: { name: "refuse" } };
    const rule = { apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE"], resources: ["configmaps"] };
    const validations = [{ expression: `object.metadata.name != "${name}"`, message: `no ${name} here` }];
    const spec = { failurePolicy: "Fail", matchConstraints: { resourceRules: [rule] }, validations };
    const bound = { policyName: "refuse", validationActions: ["Deny"] };
    await server().apply(
      { ...group, kind: "ValidatingAdmissionPolicy", spec },
      { ...group, kind: "ValidatingAdmissionPolicyBinding", spec: bound },
    );
    await until(async () => (await trying(name)) === 422);
  }

  async function trying(name: string): Promise<number> {
    const path = "/api/v1/namespaces/default/configmaps?dryRun=All";
    return (await server().request("POST", path, { metadata: { name } })).status;
  }

  async function read(path: string) {
    return JSON.parse((await server().request("GET", path)).body);
  }

  async function statusOf(path: string): Promise<number> {
    return (await server().request("GET", path)).status;
  }

  async function names(): Promise<string[]> {
    const paths = ["/api/v1/namespaces", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"];
    const lists = await Promise.all(paths.map(read));
    return lists.flatMap(({ items }) => items.map(({ metadata }: { metadata: { name: string } }) => metadata.name));
  }

  async function endedOnTheWay(signal: NodeJS.Signals): Promise<number | null> {
    const env = { PATH: process.env.PATH ?? "", HOME: process.env.HOME ?? "", ...sharedByTheRun() };
    const child = spawn(process.execPath, [await bundled("kubeferry"), ...args()], { env, stdio: "ignore" });
    const ended = new Promise((resolve) => child.once("close", resolve));
    while (child.exitCode === null && (await statusOf("/api/v1/namespaces/drill-shop")) !== 200) await pause(5);
    child.kill(signal);
    await ended;
    return child.exitCode;
  }
});

const DEFINITION = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.shop.example.com";

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await pause(50);
}
