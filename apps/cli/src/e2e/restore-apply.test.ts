import { spawn } from "node:child_process";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createCleaner, emitJson } from "@kubeferry/clean";
import { isJsonObject, type JsonObject, objectsAt, parseJson, type RestoreReport, typeName } from "@kubeferry/model";
import { prefixed } from "@kubeferry/object-store";
import { openSeries } from "@kubeferry/snapshot";
import { type FreshKubeApi, missingServers, servers } from "@kubeferry/testbed";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundled } from "../testing/bundled.ts";
import { testCall } from "../testing/call.ts";
import { jsonOf, kubeferry, sharedByTheRun } from "../testing/cli.ts";
import { openTestStore } from "../testing/open-test-store.ts";
import { readableObjects } from "../testing/readable-objects.ts";
import { buildShop } from "../testing/shop.ts";
import { freshFolder, freshStores, type TestStore, writeConfig } from "../testing/workspace.ts";

const DOMAIN = "example.internal";
const LIMIT = { timeout: 120_000 };

/** What B has otherwise than A after a restore, each with the reason. */
const OTHERWISE: readonly (readonly [name: RegExp, reason: string])[] = [
  [/^configmaps kube-system\/extension-apiserver-authentication$/, "each API server writes its own certificates there"],
  [/^ipaddresses\.networking\.k8s\.io /, "it is called by the address of a Service, which each cluster chooses"],
];
const isOtherwise = (name: string) => OTHERWISE.some(([pattern]) => pattern.test(name));

describe.skipIf(missingServers("kube-apiserver"))("restore apply", () => {
  let [a, b]: readonly FreshKubeApi[] = [];
  let [configA, configB]: readonly string[] = [];
  let store: TestStore;
  const serverA = () => a as FreshKubeApi;
  const serverB = () => b as FreshKubeApi;

  beforeAll(async () => {
    [a, b] = await Promise.all([servers.freshKubeApi(), servers.freshKubeApi()]);
    await buildShop(serverA());
    store = await freshStores.folder();
    configA = await configOf("a", serverA());
    configB = await configOf("b", serverB());
    const backup = await kubeferry(["backup", "--config", configA]);
    expect(backup.code, backup.stderr).toBe(0);
  }, 240_000);

  afterAll(async () => {
    await Promise.all([a?.stop(), b?.stop()]);
  });

  const secretsOfShop = ["--include-namespaces", "shop", "--include-resources", "secrets"];

  function configOf(name: string, server: FreshKubeApi, restoreSection: object = {}, more = {}): Promise<string> {
    return writeConfig({
      store: store.section,
      cluster: { name, domain: DOMAIN },
      kubernetes: { kubeconfig: server.kubeconfig },
      backup: { secrets: "plain" },
      recovery: { restore: { waitTimeout: "5s", ...restoreSection } },
      ...more,
    });
  }

  const restore = (...args: string[]) =>
    kubeferry(["restore", ...args, "--config", configA ?? "", "--to-kubeconfig", serverB().kubeconfig]);

  it("names what an admission of B refuses, and writes all the rest", LIMIT, async () => {
    await refuseConfigMapsCalled("settings");
    const plan = join(await freshFolder(), "plan.json");
    // Its node port belongs to the Service of the whole restore.
    const excluded = ["--exclude-resources", "services"];
    const mapped = ["--map-namespace", "shop=shop-part"];
    const planned = await restore("plan", "--include-namespaces", "shop", ...mapped, ...excluded, "--out", plan);
    expect(planned.code, planned.stderr).toBe(0);
    const applied = await restore("apply", plan, "--output", "json");
    expect(applied.code, applied.stderr).toBe(1);
    const report = jsonOf<RestoreReport>(applied);
    expect(report.failures).toEqual([
      {
        target: "configmaps/shop-part/settings",
        kind: "refused",
        message: expect.stringContaining("no settings here"),
      },
    ]);
    expect(report.objects).toMatchObject({ failed: 1, blocked: 0 });
    for (const kind of ["validatingadmissionpolicybindings", "validatingadmissionpolicies"]) {
      await serverB().request("DELETE", `/apis/admissionregistration.k8s.io/v1/${kind}/refuse`);
    }
    await untilTaken("settings");
  });

  it(
    "brings A into B, killed on the way and called again: what is backed up of B then is what A was",
    LIMIT,
    async () => {
      const plan = join(await freshFolder(), "plan.json");
      const planned = await restore("plan", "--out", plan);
      expect(planned.code, planned.stderr).toBe(0);
      await endedOnTheWay("SIGKILL", "shop", [
        "restore",
        "apply",
        plan,
        "--config",
        configA ?? "",
        "--to-kubeconfig",
        serverB().kubeconfig,
      ]);
      const resumed = await restore("apply", plan, "--output", "json");
      expect(resumed.code, resumed.stdout + resumed.stderr).toBe(0);
      expect(jsonOf<RestoreReport>(resumed)).toMatchObject({ status: "complete", failures: [], notWritten: [] });
      const again = jsonOf<RestoreReport>(await restore("apply", plan, "--output", "json"));
      expect(again.objects).toMatchObject({ created: 0, updated: 0, failed: 0 });
      const backup = await kubeferry(["backup", "--config", configB ?? ""]);
      expect(backup.code, backup.stderr).toBe(0);
      const [ofA, ofB] = [await cleanedObjects("a"), await cleanedObjects("b")];
      const different = [...ofA].filter(([name, text]) => ofB.get(name) !== text).map(([name]) => name);
      expect(different.filter((name) => !isOtherwise(name))).toEqual([]);
      const onlyInB = [...ofB.keys()].filter((name) => !ofA.has(name) && !name.includes("shop-part"));
      expect(onlyInB.filter((name) => !isOtherwise(name))).toEqual([]);
      expect(ofA.size).toBeGreaterThan(25);
    },
  );

  it("stopped by SIGTERM ends with 143", LIMIT, async () => {
    // So slow that most of it is still to be written when the signal comes.
    const slow = await configOf("a", serverA(), {}, { limits: { maxApiRequestsPerSecond: 10 } });
    const mapped = ["--include-namespaces", "shop", "--map-namespace", "shop=shop-stopped"];
    const to = ["--config", slow, "--to-kubeconfig", serverB().kubeconfig];
    const apply = ["restore", "apply", "--yes", ...mapped, "--exclude-resources", "services", ...to];
    expect(await endedOnTheWay("SIGTERM", "shop-stopped", apply)).toBe(143);
  });

  it("keeps, updates, replaces or refuses what differs, as it is told", LIMIT, async () => {
    const path = "/api/v1/namespaces/shop/secrets/login";
    const change = () => serverB().request("PUT", path, changed);
    const [captured, theirs] = ["aHVudGVyMg==", "dGhlaXJz"];
    const metadata = { name: "login", namespace: "shop" };
    const changed = { apiVersion: "v1", kind: "Secret", metadata, data: { password: theirs, extra: theirs } };
    const dataAfter = async (conflicts: string, code: number) => {
      expect((await change()).status).toBe(200);
      const applied = await restore("apply", "--yes", ...secretsOfShop, "--conflicts", conflicts);
      expect(applied.code, applied.stdout + applied.stderr).toBe(code);
      return JSON.parse((await serverB().request("GET", path)).body).data;
    };
    expect(await dataAfter("skip", 0)).toEqual(changed.data);
    expect(await dataAfter("fail", 2)).toEqual(changed.data);
    expect(await dataAfter("update", 0)).toEqual({ password: captured, extra: theirs });
    expect(await dataAfter("replace", 0)).toEqual({ password: captured });
  });

  it("removes what did not exist then, where that is named, and refuses to remove too much", LIMIT, async () => {
    const secrets = "/api/v1/namespaces/shop/secrets";
    await serverB().request("POST", secrets, { metadata: { name: "extra" } });
    await serverB().request("POST", secrets, { metadata: { name: "held", finalizers: ["example.com/wait"] } });
    const pruned = [...secretsOfShop, "--prune", "shop"];
    const refused = await restore("apply", "--yes", ...pruned);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain("1 of 4 objects would be removed");
    const more = await configOf("a", serverA(), { maxRemovals: { percent: 50 } });
    const to = ["--config", more, "--to-kubeconfig", serverB().kubeconfig];
    const applied = await kubeferry(["restore", "apply", "--yes", ...pruned, ...to, "--output", "json"]);
    expect(applied.code, applied.stderr).toBe(0);
    expect(jsonOf<RestoreReport>(applied)).toMatchObject({
      objects: { removed: 1, skipped: 1 },
      notWritten: [{ object: "secrets/shop/held", reason: expect.stringContaining("example.com/wait") }],
    });
    const left = JSON.parse((await serverB().request("GET", secrets)).body).items;
    expect(left.map(({ metadata }: { metadata: { name: string } }) => metadata.name)).toEqual([
      "held",
      "login",
      "of-child",
    ]);
  });

  it("writes nothing out of a store that was damaged after the plan", LIMIT, async () => {
    const plan = join(await freshFolder(), "plan.json");
    const args = ["--include-namespaces", "shop", "--map-namespace", "shop=shop-damaged"];
    await restore("plan", ...args, "--out", plan);
    const folder = join(String(store.section.path), DOMAIN, "a", "_snapshots", "segments");
    for (const name of await readdir(folder)) {
      const bytes = await readFile(join(folder, name));
      bytes[bytes.length - 5] = (bytes[bytes.length - 5] ?? 0) ^ 1;
      await writeFile(join(folder, name), bytes);
    }
    const applied = await restore("apply", plan);
    expect(applied.code).toBe(2);
    expect(applied.stderr).toContain("damaged");
    expect(applied.stderr).toContain("nothing was written");
    expect((await serverB().request("GET", "/api/v1/namespaces/shop-damaged")).status).toBe(404);
  });

  /** Ends the command as soon as it has written a namespace. @returns its exit code; null where the signal ended it */
  async function endedOnTheWay(signal: NodeJS.Signals, namespace: string, args: readonly string[]) {
    const env = { PATH: process.env.PATH ?? "", HOME: process.env.HOME ?? "", ...sharedByTheRun() };
    const child = spawn(process.execPath, [await bundled("kubeferry"), ...args], { env, stdio: "ignore" });
    const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
    const there = async () => (await serverB().request("GET", `/api/v1/namespaces/${namespace}`)).status === 200;
    while (child.exitCode === null && !(await there())) await new Promise((resolve) => setTimeout(resolve, 5));
    child.kill(signal);
    return ended;
  }

  /** Objects of a cluster's newest snapshot as the cleaner shows them, owners by name. */
  async function cleanedObjects(name: string): Promise<ReadonlyMap<string, string>> {
    const series = openSeries(prefixed(await openTestStore(store), `${DOMAIN}/${name}/`), "default");
    const snapshot = await series.newest(testCall);
    if (snapshot === undefined) throw new Error("there is no snapshot");
    const cleaner = createCleaner();
    const found = new Map<string, string>();
    for await (const { type, key, line } of readableObjects(snapshot)) {
      const object = parseJson(line.toString("utf8"));
      if (!isJsonObject(object) || cleaner.dropReason(object, type) !== undefined) continue;
      const { object: cleaned } = cleaner.clean(object, type);
      const owners = objectsAt(object, "metadata", "ownerReferences").map((owner) => `${owner.kind} ${owner.name}`);
      const { ownerReferences: _, ...metadata } = cleaned.metadata as JsonObject;
      found.set(`${typeName(type)} ${key}`, `${emitJson({ ...cleaned, metadata })}owned by ${owners.join()}`);
    }
    return found;
  }

  async function refuseConfigMapsCalled(name: string): Promise<void> {
    await serverB().apply(
      {
        apiVersion: "admissionregistration.k8s.io/v1",
        kind: "ValidatingAdmissionPolicy",
        metadata: { name: "refuse" },
        spec: {
          failurePolicy: "Fail",
          matchConstraints: {
            resourceRules: [
              { apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE"], resources: ["configmaps"] },
            ],
          },
          validations: [{ expression: `object.metadata.name != "${name}"`, message: `no ${name} here` }],
        },
      },
      {
        apiVersion: "admissionregistration.k8s.io/v1",
        kind: "ValidatingAdmissionPolicyBinding",
        metadata: { name: "refuse" },
        spec: { policyName: "refuse", validationActions: ["Deny"] },
      },
    );
    while ((await statusOf(name)) !== 422) await new Promise((resolve) => setTimeout(resolve, 250));
  }

  async function untilTaken(name: string): Promise<void> {
    while ((await statusOf(name)) !== 201) await new Promise((resolve) => setTimeout(resolve, 250));
  }

  async function statusOf(name: string): Promise<number> {
    const path = "/api/v1/namespaces/default/configmaps?dryRun=All";
    return (await serverB().request("POST", path, { metadata: { name } })).status;
  }
});
