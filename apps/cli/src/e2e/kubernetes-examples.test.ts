import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { loadConfig } from "@kubeferry/shared-config";
import { type FreshKubeApi, missingServers, servers } from "@kubeferry/testbed";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { kubeferry } from "../testing/cli.ts";
import { freshFolder } from "../testing/workspace.ts";

const run = promisify(execFile);
const EXAMPLES = fileURLToPath(new URL("../../../../examples/kubernetes/", import.meta.url));
const FOLDERS = [
  "backup-system",
  "multi-cluster/production-east",
  "multi-cluster/production-west",
  "multi-cluster/preprod",
  "multi-cluster/test",
  "multi-cluster/dev",
  "multi-cluster/gitops",
  "webhook",
] as const;
const MOUNTED = "/var/run/secrets/kubeferry";

interface PodSpec {
  readonly containers: readonly { readonly name: string; readonly image: string; readonly env: readonly object[] }[];
}

/** A Pod of a Deployment. */
interface ServingPodSpec {
  readonly containers: readonly {
    readonly readinessProbe: { readonly httpGet: object };
    readonly livenessProbe: { readonly httpGet: object };
  }[];
}

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly data?: Readonly<Record<string, string>>;
  readonly spec?: {
    readonly schedule?: string;
    readonly template?: { readonly spec: PodSpec };
    readonly jobTemplate?: { readonly spec: { readonly template: { readonly spec: PodSpec } } };
  };
}

describe.skipIf(missingServers("kustomize", "kube-apiserver", "kubectl"))("examples/kubernetes", () => {
  const built = new Map<string, readonly Manifest[]>();
  let kube: FreshKubeApi;
  beforeAll(async () => {
    kube = await servers.freshKubeApi();
    for (const folder of FOLDERS) built.set(folder, await build(folder));
  }, 60_000);
  afterAll(() => kube.stop());

  it.each(FOLDERS)(
    "%s is taken by a real API server, its Pods by the restricted standard",
    { timeout: 120_000 },
    async (folder) => {
      const objects = built.get(folder) ?? [];
      expect(objects[0]).toMatchObject({ kind: "Namespace", metadata: { name: "backup-system" } });
      await kube.apply(...objects);
      for (const object of objects) {
        const spec = podOf(object);
        if (spec === undefined) continue;
        const pod = { apiVersion: "v1", kind: "Pod", metadata: { name: "try" }, spec };
        const answer = await kube.request("POST", "/api/v1/namespaces/backup-system/pods?dryRun=All", pod);
        expect(answer.body).not.toContain("violates PodSecurity");
        expect(answer.status, answer.body).toBe(201);
      }
    },
  );

  it.each([
    ["backup-system", "backup-cronjob", "0 2 * * *"],
    ["multi-cluster/production-east", "backup-cronjob", "0 2 * * *"],
    ["multi-cluster/production-west", "backup-cronjob", "15 2 * * *"],
    ["multi-cluster/preprod", "backup-cronjob", "30 2 * * *"],
    ["multi-cluster/test", "backup-cronjob", "0 3 * * *"],
    ["multi-cluster/dev", "backup-cronjob", "0 4 * * *"],
    ["multi-cluster/gitops", "gitops-cronjob", "0 5 * * *"],
  ])("%s runs %s at %s", (folder, name, schedule) => {
    expect(objectIn(folder, "CronJob", name).spec?.schedule).toBe(schedule);
  });

  it.each([
    ["backup-system", "backup-config", {}],
    [
      "multi-cluster/production-west",
      "backup-config",
      { cluster: { domain: "company.com", name: "production-west", environment: "prod" } },
    ],
    ["multi-cluster/dev", "backup-config", { cluster: { name: "dev", environment: "dev" } }],
    ["multi-cluster/gitops", "gitops-config", { gitops: { namespaces: ["shop"] } }],
    ["webhook", "backup-config", { announce: { via: "webhook" } }],
    ["webhook", "gitops-config", { gitops: { serve: { port: 8081 } } }],
  ])("%s has a %s that loads", async (folder, name, expected) => {
    expect(await configIn(folder, name, {})).toMatchObject({ ...expected, store: { bucket: "cluster-backups" } });
  });

  it("takes the names that runbooks know: another image, and LOG_LEVEL, by kubectl set", {
    timeout: 120_000,
  }, async () => {
    await kube.apply(...(built.get("backup-system") ?? []));
    const kubectl = (...args: string[]) =>
      run(servers.binary("kubectl"), ["--kubeconfig", kube.kubeconfig, "--namespace", "backup-system", ...args]);
    await kubectl("set", "image", "cronjob/backup-cronjob", "cluster-backup=registry.example.com/cluster-backup:v2");
    await kubectl("set", "env", "cronjob/backup-cronjob", "LOG_LEVEL=debug");
    const { stdout } = await kubectl("get", "cronjob/backup-cronjob", "--output", "json");
    const [container] = podOf(JSON.parse(stdout) as Manifest)?.containers ?? [];
    expect(container).toMatchObject({ name: "cluster-backup", image: "registry.example.com/cluster-backup:v2" });
    expect(container?.env).toContainEqual({ name: "LOG_LEVEL", value: "debug" });
    expect(await configIn("backup-system", "backup-config", { LOG_LEVEL: "debug" })).toMatchObject({
      log: { level: "debug" },
    });
  });

  it("probes the receiver at the port inside, which alone answers probes", () => {
    const pod = podOf(objectIn("webhook", "Deployment", "gitops-serve")) as unknown as ServingPodSpec | undefined;
    const [{ readinessProbe, livenessProbe } = {}] = pod?.containers ?? [];
    expect(readinessProbe?.httpGet).toEqual({ path: "/readyz", port: "metrics" });
    expect(livenessProbe?.httpGet).toEqual({ path: "/healthz", port: "metrics" });
  });

  it("grants what kubeferry policy rbac prints for its configuration", { timeout: 120_000 }, async () => {
    const args = ["--config", join(EXAMPLES, "base/backup/kubeferry.yaml")];
    const names = ["--name", "backup", "--service-account", "backup-system/backup"];
    const { stdout } = await kubeferry(["policy", "rbac", ...args, ...names]);
    expect(await readFile(join(EXAMPLES, "base/backup/roles.yaml"), "utf8")).toBe(stdout);
  });

  it("carries no value of a Secret, so that applying it again takes none away", { timeout: 120_000 }, async () => {
    await kube.apply(...(built.get("backup-system") ?? []));
    const secret = {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "backup-secrets", namespace: "backup-system" },
    };
    const path = "/api/v1/namespaces/backup-system/secrets/backup-secrets";
    const patch = JSON.stringify({ ...secret, stringData: { "access-key": "a" } });
    const type = { "content-type": "application/apply-patch+yaml" };
    expect((await kube.request("PATCH", `${path}?fieldManager=people`, patch, type)).status).toBe(200);
    await kube.apply(...(built.get("backup-system") ?? []));
    expect(JSON.parse((await kube.request("GET", path)).body).data).toEqual({ "access-key": "YQ==" });
  });

  function objectIn(folder: string, kind: string, name: string): Manifest {
    const found = built.get(folder)?.find((each) => each.kind === kind && each.metadata.name === name);
    if (found === undefined) throw new Error(`${folder} has no ${kind} ${name}`);
    return found;
  }

  /** Loads a ConfigMap's files in the order the Pod names them, its Secrets mounted elsewhere. */
  async function configIn(folder: string, name: string, env: Readonly<Record<string, string>>) {
    const secrets = await freshFolder();
    await writeFile(join(secrets, "git-token"), "token");
    await writeFile(join(secrets, "webhook-key"), `whsec_${Buffer.alloc(32, 1).toString("base64")}`);
    const { data = {} } = objectIn(folder, "ConfigMap", name);
    const files: string[] = [];
    for (const file of ["kubeferry.yaml", "cluster.yaml"].filter((each) => each in data)) {
      files.push(join(secrets, file));
      await writeFile(join(secrets, file), (data[file] ?? "").replaceAll(MOUNTED, secrets));
    }
    return (await loadConfig({ files, env })).config;
  }
});

async function build(folder: string): Promise<readonly Manifest[]> {
  const { stdout } = await run(servers.binary("kustomize"), ["build", join(EXAMPLES, folder)]);
  return parseAllDocuments(stdout).map((document) => document.toJS() as Manifest);
}

function podOf({ spec }: Manifest): PodSpec | undefined {
  return spec?.template?.spec ?? spec?.jobTemplate?.spec.template.spec;
}
