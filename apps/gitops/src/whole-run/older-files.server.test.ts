import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { parseYaml } from "@kubeferry/clean";
import type { JsonObject } from "@kubeferry/model";
import { configMap, deployment, namespace } from "@kubeferry/test-fleet";
import { missingServers, servers } from "@kubeferry/testbed";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createFleet, type Fleet } from "../testing/fleet.ts";

const execute = promisify(execFile);
const BRANCH = "kubeferry/main";

/** As files of an earlier tool say it. */
const ENVIRONMENTS = [
  { name: "dev", cluster_url: "https://dev.example.com", auto_sync: true, replicas: 1 },
  { name: "test", cluster_url: "https://test.example.com", auto_sync: true, replicas: 1 },
  { name: "preprod", cluster_url: "https://preprod.example.com", auto_sync: false, replicas: 2 },
  { name: "prod", cluster_url: "https://prod.example.com", auto_sync: false, replicas: 3 },
];
const CLUSTERS = {
  default: Object.fromEntries(ENVIRONMENTS.map(({ name, cluster_url }) => [name, cluster_url])),
  "critical-workloads": { dev: "https://critical-dev.example.com", prod: "https://critical-prod.example.com" },
};

describe.skipIf(missingServers("kustomize"))("environments of an earlier tool's file", () => {
  let fleet: Fleet;
  beforeEach(async () => {
    fleet = await createFleet("folder");
    const namespaces = ["shop", "critical-workloads"];
    await fleet.snapshot(namespaces.flatMap((name) => [namespace(name), deployment(`${name}/web`, 4)]));
  });
  afterEach(() => fleet.close());

  it("are an Application each at a namespace's own cluster, and build to 1, 1, 2 and 3 replicas where it is known", {
    timeout: 60_000,
  }, async () => {
    // The one thing that such a file does not say: which cluster each URL is.
    const known = ENVIRONMENTS.map(({ name }) => [name, { destination: { cluster: `example.com/${name}` } }]);
    const gitops = { environments: Object.fromEntries(known) as object };
    await fleet.run({ config: { environments: ENVIRONMENTS, clusters: CLUSTERS }, gitops });

    expect(await made("shop")).toEqual([
      { environment: "dev", server: "https://dev.example.com", automated: true, replicas: 1 },
      { environment: "test", server: "https://test.example.com", automated: true, replicas: 1 },
      { environment: "preprod", server: "https://preprod.example.com", automated: false, replicas: 2 },
      { environment: "prod", server: "https://prod.example.com", automated: false, replicas: 3 },
    ]);
    // Nobody said which clusters its own two are: they could be the source.
    expect(await made("critical-workloads")).toEqual([
      { environment: "dev", server: "https://critical-dev.example.com", automated: true, replicas: 4 },
      { environment: "test", server: "https://test.example.com", automated: true, replicas: 1 },
      { environment: "preprod", server: "https://preprod.example.com", automated: false, replicas: 2 },
      { environment: "prod", server: "https://critical-prod.example.com", automated: false, replicas: 4 },
    ]);
  });

  /** What a namespace's Applications and overlays say, environment by environment. */
  async function made(name: string) {
    const place = await fleet.clone(BRANCH);
    return Promise.all(
      ENVIRONMENTS.map(async ({ name: environment }) => {
        const folder = `namespaces/${name}/${environment}`;
        const { spec } = parseYaml(
          await readFile(join(place, folder, "application.yaml"), "utf8"),
        ) as unknown as Application;
        expect(spec.source.path).toBe(folder);
        const built = await fleet.build(BRANCH, folder);
        const replicas = (built["Deployment web"]?.spec as JsonObject | undefined)?.replicas;
        const { destination, syncPolicy } = spec;
        return { environment, server: destination.server, automated: syncPolicy.automated !== undefined, replicas };
      }),
    );
  }
});

describe.skipIf(missingServers("kustomize"))(
  "a repository from before clusters were factored",
  {
    timeout: 60_000,
  },
  () => {
    const SHOP = "namespaces/shop";
    const EAST = { domain: "crc.testing", name: "east", uid: "uid-of-east" };
    const WEST = { domain: "crc.testing", name: "west", uid: "uid-of-west" };
    const overrides = { replicas: 5, images: [{ from: "nginx", tag: "1.30" }] };
    const gitops = {
      environments: {
        dev: { cluster: "crc.testing/east", destination: { cluster: "crc.testing/lab" }, ...overrides },
        test: { cluster: "crc.testing/east" },
        prod: { cluster: "crc.testing/west" },
      },
      maxRemovals: { files: 0, percent: 0 },
    };
    const same = [namespace("shop"), deployment("shop/web"), configMap("shop/settings")];

    let fleet: Fleet;
    beforeEach(async () => {
      fleet = await createFleet("folder");
      await fleet.snapshot([...same, deployment("shop/api", 1)], {}, EAST);
      await fleet.snapshot([...same, deployment("shop/api", 3)], {}, WEST);
      await fleet.edit("main", olderFiles());
    });
    afterEach(() => fleet.close());

    const built = async (branch: string) => {
      const place = await fleet.clone(branch);
      const build = (name: string) => execute(servers.binary("kustomize"), ["build", join(place, SHOP, name)]);
      return Promise.all(["dev", "test", "prod"].map(async (name) => (await build(name)).stdout));
    };

    it("is laid out anew in one request that changes nothing of what overlays build, and the next run is silent", async () => {
      const before = await built("main");
      const report = await fleet.run({ gitops });
      expect(report).toMatchObject({ status: "complete", frozen: [], blocked: [] });
      expect(await built(BRANCH)).toEqual(before);
      const files = await fleet.files(BRANCH);
      expect(Object.keys(files)).toEqual([
        `${SHOP}/.kubeferry.json`,
        `${SHOP}/base/configmap-settings.yaml`,
        `${SHOP}/base/deployment-api.yaml`,
        `${SHOP}/base/deployment-web.yaml`,
        `${SHOP}/base/kustomization.yaml`,
        `${SHOP}/base/namespace.yaml`,
        `${SHOP}/dev/kustomization.yaml`,
        `${SHOP}/prod/kustomization.yaml`,
        `${SHOP}/test/kustomization.yaml`,
      ]);
      expect(parseYaml(files[`${SHOP}/dev/kustomization.yaml`] ?? "")).toMatchObject({
        images: [{ name: "nginx", newTag: "1.30" }],
        replicas: [
          { name: "api", count: 5 },
          { name: "web", count: 5 },
        ],
      });
      await fleet.merge(BRANCH);
      expect(await fleet.run({ gitops })).toMatchObject({ commit: "", frozen: [] });
    });

    it("goes on to build what it built also where a cluster's Deployments cannot be read now", async () => {
      const before = await built("main");
      const read = [namespace("shop"), configMap("shop/settings")];
      await fleet.snapshot(read, {}, WEST);
      await fleet.snapshot(read, { unread: ["deployments.apps"] }, WEST);
      expect(await fleet.run({ gitops })).toMatchObject({ status: "complete", frozen: [], blocked: [] });
      expect(await built(BRANCH)).toEqual(before);
      await fleet.merge(BRANCH);
      expect(await fleet.run({ gitops })).toMatchObject({ commit: "", frozen: [] });
    });

    /** As that version wrote them: what clusters differ in whole, and an image that the configuration changes as a patch. */
    function olderFiles(): Readonly<Record<string, string>> {
      const web = { group: "apps", resource: "deployments", kind: "Deployment", namespace: "shop", name: "web" };
      const api = { ...web, name: "api" };
      const settings = { group: "", resource: "configmaps", kind: "ConfigMap", namespace: "shop", name: "settings" };
      const shop = { group: "", resource: "namespaces", kind: "Namespace", name: "shop" };
      const files: readonly (readonly [path: string, text: string, object?: object])[] = [
        ["base/configmap-settings.yaml", SETTINGS, settings],
        ["base/deployment-web.yaml", written("web", 2, "nginx:1.29"), web],
        ["base/kustomization.yaml", kustomization("configmap-settings.yaml", "deployment-web.yaml", "namespace.yaml")],
        ["base/namespace.yaml", NAMESPACE, shop],
        ["dev/deployment-api.yaml", written("api", 5, "nginx:1.30"), api],
        ["dev/kustomization.yaml", PATCHED + RESOURCES],
        ["dev/patch-deployment-web.yaml", PATCH, web],
        ["prod/deployment-api.yaml", written("api", 3, "nginx:1.29"), api],
        ["prod/kustomization.yaml", kustomization('"../base"', "deployment-api.yaml")],
        ["test/deployment-api.yaml", written("api", 1, "nginx:1.29"), api],
        ["test/kustomization.yaml", kustomization('"../base"', "deployment-api.yaml")],
      ];
      const owned = files.map(([path, text, object]) => {
        const sha256 = createHash("sha256").update(text).digest("hex");
        return [path, { sha256, ...(object === undefined ? {} : { object }) }] as const;
      });
      const from = ({ domain, name, uid }: typeof EAST) => ({ cluster: `${domain}/${name}`, uid, series: "default" });
      const environments = { dev: { ...from(EAST), elsewhere: true }, prod: from(WEST), test: from(EAST) };
      const mark = { format: 1, rules: "153af01ead29", environments, files: Object.fromEntries(owned) };
      const texts = files.map(([path, text]) => [`${SHOP}/${path}`, text] as const);
      return { ...Object.fromEntries(texts), [`${SHOP}/.kubeferry.json`]: `${JSON.stringify(mark, undefined, 2)}\n` };
    }
  },
);

const NAMESPACE = `apiVersion: v1
kind: Namespace
metadata:
  annotations:
    argocd.argoproj.io/sync-options: "Prune=false,Delete=false"
    argocd.argoproj.io/sync-wave: "-10"
  name: shop
`;
const SETTINGS = `apiVersion: v1
data:
  greeting: hello
kind: ConfigMap
metadata:
  name: settings
  namespace: shop
`;
const PATCH = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
spec:
  replicas: 5
  template:
    spec:
      containers:
      - image: nginx:1.30
        name: web
`;
const PATCHED = `apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
patches:
- path: patch-deployment-web.yaml
`;
const RESOURCES = `resources:
- "../base"
- deployment-api.yaml
`;

function kustomization(...resources: readonly string[]): string {
  const lines = resources.map((resource) => `- ${resource}\n`).join("");
  return `apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n${lines}`;
}

function written(name: string, replicas: number, image: string): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
  namespace: shop
spec:
  replicas: ${replicas}
  selector:
    matchLabels:
      app: ${name}
  template:
    metadata:
      labels:
        app: ${name}
    spec:
      containers:
      - image: ${image}
        name: web
`;
}

interface Application {
  readonly spec: {
    readonly source: { readonly path: string };
    readonly destination: { readonly server: string };
    readonly syncPolicy: { readonly automated?: object };
  };
}
