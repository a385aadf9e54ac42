import { execFile } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { loadConfig } from "@kubeferry/shared-config";
import { type FreshKubeApi, missingServers, servers } from "@kubeferry/testbed";
import { generateIdentity } from "age-encryption";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { writeSchemas } from "../../testing/chart/openapi-schemas.ts";
import { processesOf } from "../../testing/chart/processes-of.ts";
import { CHART, type ChartObject, EXAMPLES, renderChart } from "../../testing/chart/render-chart.ts";
import { freshFolder } from "../../testing/workspace.ts";

const run = promisify(execFile);
const needed = missingServers("kube-apiserver", "kubectl", "helm", "kubeconform", "go-modules");

describe.skipIf(needed)("the chart", () => {
  const releases = new Map<string, readonly ChartObject[]>();
  let kube: FreshKubeApi;
  let folder: string;

  beforeAll(async () => {
    folder = await freshFolder();
    const rendered = EXAMPLES.map(async (example) => {
      // Its namespaces have other names than those of the other examples, but for the one that the docs name.
      const namespace = example === "backup-system" ? example : `kf-${example}`;
      releases.set(example, await renderChart({ example, namespace }));
    });
    [kube] = await Promise.all([servers.freshKubeApi(), ...rendered]);
    const { goModule } = servers;
    const definitions = join(await goModule("prometheus-operator"), "example/prometheus-operator-crd");
    for (const type of ["podmonitors", "prometheusrules"])
      await kube.apply(parse(await readFile(join(definitions, `monitoring.coreos.com_${type}.yaml`), "utf8")));
    await kube.apply(parse(await readFile(await routeDefinition(), "utf8")));
    for (const name of ["backup-system", "shop", "shop-jobs", ...EXAMPLES.map((example) => `kf-${example}`)])
      await kube.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name, labels: RESTRICTED } });
  }, 120_000);
  afterAll(() => kube.stop());

  it("has nothing that helm lint finds", { timeout: 60_000 }, async () => {
    const values = join(CHART, "examples/webhook.yaml");
    const { stdout } = await run(servers.binary("helm"), ["lint", "--strict", CHART, "--values", values]);
    expect(stdout).toContain("1 chart(s) linted, 0 chart(s) failed");
  });

  it("makes objects without a field that their types lack", { timeout: 60_000 }, async () => {
    const objects = [...releases.values()].flat();
    const location = await writeSchemas(kube, objects, join(folder, "schemas"));
    const complaints = async (name: string, checked: readonly object[]): Promise<string[]> => {
      const file = join(folder, `${name}.json`);
      await writeFile(file, checked.map((object) => JSON.stringify(object)).join("\n---\n"));
      const args = ["-schema-location", location, "-summary", "-output", "json", file];
      // It ends with 1 when it has any.
      const { stdout } = await run(servers.binary("kubeconform"), args).catch((error: { stdout: string }) => error);
      const { resources, summary } = JSON.parse(stdout) as Conformity;
      expect(summary.valid + summary.invalid).toBe(checked.length);
      return resources.map(({ kind, name: of, msg }) => `${kind} ${of}: ${msg}`);
    };
    expect(await complaints("all", objects)).toEqual([]);
    const [first] = objects.filter(({ kind }) => kind === "CronJob");
    const misspelt = { ...first, spec: { ...(first?.spec as object), concurencyPolicy: "Forbid" } };
    expect(await complaints("misspelt", [misspelt])).toEqual([
      expect.stringContaining("'concurencyPolicy' not allowed"),
    ]);
  });

  it("makes objects that a real API server takes, each field of them", { timeout: 60_000 }, async () => {
    const file = join(folder, "objects.json");
    const items = [...releases.values()].flat();
    await writeFile(file, JSON.stringify({ apiVersion: "v1", kind: "List", items }));
    const args = ["apply", "--server-side", "--validate=strict", "--kubeconfig", kube.kubeconfig, "-f", file];
    const { stdout } = await run(servers.binary("kubectl"), args);
    expect(stdout.trim().split("\n")).toHaveLength(items.length);
  });

  it("makes Pods that Pod Security's restricted admits", { timeout: 60_000 }, async () => {
    const admitted = async (spec: object): Promise<number> => {
      const pod = { metadata: { name: "tried" }, spec };
      return (await kube.request("POST", "/api/v1/namespaces/shop/pods?dryRun=All", pod)).status;
    };
    const pods = [...releases.values()].flatMap((objects) => processesOf(objects).map(({ pod }) => pod));
    expect(pods.length).toBeGreaterThanOrEqual(EXAMPLES.length);
    for (const pod of pods) expect(await admitted(pod)).toBe(201);
    const { seccompProfile: _, ...without } = pods[0]?.securityContext ?? {};
    expect(await admitted({ ...pods[0], securityContext: without })).toBe(403);
  });

  describe.each(EXAMPLES)("%s", (example) => {
    it("gives each process a configuration that loads, and every file that it names", { timeout: 60_000 }, async () => {
      const processes = processesOf(releases.get(example) ?? []);
      expect(processes).not.toEqual([]);
      for (const { name, pod, configuration } of processes) {
        const root = join(folder, example, name);
        const mounts = pod.containers[0]?.volumeMounts ?? [];
        for (const [path = ""] of configuration.matchAll(/\/var\/run\/kubeferry\/[\w./-]+/g)) {
          const mount = mounts.find(({ mountPath }) => dirname(path) === mountPath);
          expect(mount, `${name} has no ${path}`).toMatchObject({ readOnly: true });
          const entries = pod.volumes.find((volume) => volume.name === mount?.name)?.secret?.items;
          if (entries !== undefined)
            expect(entries).toContainEqual({ key: path.split("/").at(-1), path: expect.anything() });
          await put(join(root, path), path.includes("/age/") ? await generateIdentity() : WEBHOOK_KEY);
        }
        const file = join(root, "kubeferry.yaml");
        await put(file, configuration.replaceAll("/var/run/kubeferry", join(root, "/var/run/kubeferry")));
        const env = example === "backup-system" ? MINIO : {};
        const { config, notices } = await loadConfig({ files: [file], env });
        expect(notices).toEqual([]);
        const { limits } = pod.containers[0]?.resources ?? {};
        expect(config.limits).toEqual({ memoryBytes: bytesOf(limits?.memory), cpu: cpusOf(limits?.cpu) });
      }
    });
  });

  it("is installed, says what is missing, and leaves nothing of its own when it is removed", {
    timeout: 60_000,
  }, async () => {
    const place = ["--kubeconfig", kube.kubeconfig, "--namespace", "shop-jobs"];
    const values = join(CHART, "examples/chained.yaml");
    const secret = { apiVersion: "v1", kind: "Secret", metadata: { name: "kubeferry-git", namespace: "shop-jobs" } };
    await kube.apply(secret);
    const { stdout } = await run(servers.binary("helm"), [
      ...["install", "night", CHART, "--values", values, "--set", "image.pullSecrets={registry}"],
      ...place,
    ]);
    expect(stdout).toContain("night-kubeferry-run: 0 3 * * * (Etc/UTC)");
    expect(stdout).toContain("not in namespace shop-jobs yet:\n  kubeferry-store\n  registry\n\n");
    expect(stdout).toContain("create job --from=cronjob/night-kubeferry-run night-kubeferry-run-first");
    const status = async (path: string): Promise<number> => (await kube.request("GET", path)).status;
    const cronJob = "/apis/batch/v1/namespaces/shop-jobs/cronjobs/night-kubeferry-run";
    expect(await status(cronJob)).toBe(200);
    await run(servers.binary("helm"), ["uninstall", "night", ...place]);
    expect(await status(cronJob)).toBe(404);
    expect(await status("/apis/rbac.authorization.k8s.io/v1/clusterroles/shop-jobs-night-kubeferry-run")).toBe(404);
    expect(await status("/api/v1/namespaces/shop-jobs/secrets/kubeferry-git")).toBe(200);
  });

  it("goes by the names that kubectl lines of old know", { timeout: 60_000 }, async () => {
    const kubectl = (...args: readonly string[]) =>
      run(servers.binary("kubectl"), ["--kubeconfig", kube.kubeconfig, "-n", "backup-system", ...args]);
    await kubectl("set", "image", "cronjob/backup-cronjob", "cluster-backup=registry.example.com/kubeferry:0.2.0");
    await kubectl("set", "env", "cronjob/backup-cronjob", "LOG_LEVEL=debug");
    const path = "/apis/batch/v1/namespaces/backup-system/cronjobs/backup-cronjob";
    const cronJob = JSON.parse((await kube.request("GET", path)).body);
    const { containers, serviceAccountName, volumes } = cronJob.spec.jobTemplate.spec.template.spec;
    expect(containers).toMatchObject([
      {
        name: "cluster-backup",
        image: "registry.example.com/kubeferry:0.2.0",
        envFrom: [{ secretRef: { name: "backup-secrets" } }],
      },
    ]);
    expect(containers[0].env).toContainEqual({ name: "LOG_LEVEL", value: "debug" });
    expect(serviceAccountName).toBe("backup-serviceaccount");
    expect(volumes).toContainEqual(
      expect.objectContaining({ configMap: expect.objectContaining({ name: "backup-config" }) }),
    );
  });
});

/** What kubeconform says. */
interface Conformity {
  readonly resources: readonly { readonly kind: string; readonly name: string; readonly msg: string }[];
  readonly summary: { readonly valid: number; readonly invalid: number };
}

const RESTRICTED = {
  "pod-security.kubernetes.io/enforce": "restricted",
  "pod-security.kubernetes.io/enforce-version": "latest",
};

const WEBHOOK_KEY = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;
const MINIO = {
  MINIO_ENDPOINT: "https://minio.example.internal",
  MINIO_ACCESS_KEY: "access",
  MINIO_SECRET_KEY: "of a test",
};

async function routeDefinition(): Promise<string> {
  return join(await servers.goModule("openshift"), "route/v1/zz_generated.crd-manifests/routes-Default.crd.yaml");
}

async function put(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}

function bytesOf(quantity = ""): number {
  const units: Readonly<Record<string, number>> = { Mi: 1024 ** 2, Gi: 1024 ** 3 };
  return Number(quantity.slice(0, -2)) * (units[quantity.slice(-2)] ?? Number.NaN);
}

function cpusOf(quantity = ""): number {
  return quantity.endsWith("m") ? Number(quantity.slice(0, -1)) / 1000 : Number(quantity);
}
