import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import type { JsonObject } from "@kubeferry/model";
import { configMap, deployment, named, namespace, type SnapshotSpec, withMetadata } from "@kubeferry/test-fleet";
import { missingServers, servers } from "@kubeferry/testbed";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createFleet, type Fleet } from "../testing/fleet.ts";

const execute = promisify(execFile);
const BRANCH = "kubeferry/main";
const UNREAD: SnapshotSpec = { unread: ["deployments.apps"] };
const FILTERED: SnapshotSpec = { filtered: ["deployments.apps"] };
const NO_REMOVALS = { maxRemovals: { files: 0, percent: 0 } };

/** What one cluster has otherwise than the others. */
interface Differences {
  readonly image?: string;
  readonly replicas?: number;
  readonly level?: string;
  /** The Deployment `api` is there too. */
  readonly api?: boolean;
}

/** The namespace shop as a cluster has it. */
function shop(host: string, { image = "nginx:1.29", replicas = 2, level = "info", api = true }: Differences = {}) {
  return [
    namespace("shop"),
    configMap("shop/settings", { LOG_LEVEL: level, GREETING: "hello", THEME: "dark", URL: `https://shop.${host}` }),
    ingress(`shop.${host}`),
    withImage(deployment("shop/web", replicas), image),
    ...(api ? [withImage(deployment("shop/api", 1), image)] : []),
  ];
}

function withImage(object: JsonObject, image: string): JsonObject {
  return JSON.parse(JSON.stringify(object).replaceAll("nginx:1.29", image)) as JsonObject;
}

function ingress(host: string): JsonObject {
  const backend = { service: { name: "web", port: { number: 80 } } };
  const rules = [{ host, http: { paths: [{ path: "/", pathType: "Prefix", backend }] } }];
  return { apiVersion: "networking.k8s.io/v1", kind: "Ingress", metadata: named("shop/web"), spec: { rules } };
}

const isDeployment = ({ kind }: JsonObject) => kind === "Deployment";

/** Environments of these names, each made from a cluster of its own name. */
function fromClusters(names: readonly string[], more: Readonly<Record<string, object>> = {}) {
  const environments = names.map((name) => [name, { cluster: `crc.testing/${name}`, ...more[name] }]);
  return { environments: Object.fromEntries(environments) as object };
}

describe.skipIf(missingServers("kustomize"))("clusters that share a base", { timeout: 120_000 }, () => {
  let fleet: Fleet;
  beforeEach(async () => {
    fleet = await createFleet("folder");
  });
  afterEach(() => fleet.close());

  const back = (cluster: string, objects: readonly JsonObject[], spec: SnapshotSpec = {}) =>
    fleet.snapshot(objects, spec, { domain: "crc.testing", name: cluster, uid: `kube-system-of-${cluster}` });
  const propose = async (gitops: object) => {
    const report = await fleet.run({ gitops: { ...NO_REMOVALS, ...gitops } });
    if (report.commit !== "") await fleet.merge(BRANCH);
    return report;
  };
  /** By environment: the bytes that kustomize makes of its overlay in the base branch. */
  const built = async (names: readonly string[]) => {
    const place = await fleet.clone("main");
    const texts = names.map(async (name) => {
      const folder = join(place, "namespaces/shop", name);
      return [name, (await execute(servers.binary("kustomize"), ["build", folder])).stdout] as const;
    });
    return Object.fromEntries(await Promise.all(texts));
  };
  const again = async (gitops: object) => {
    expect(await propose(gitops), "the same again").toMatchObject({ commit: "", frozen: [], blocked: [] });
  };

  describe("when the Deployments of one of them cannot be read any more", () => {
    const NAMES = ["dev", "test", "prod"];
    const PROD = { image: "nginx:1.28", replicas: 5, level: "warn" };
    const SOURCE = fromClusters(NAMES);
    const ELSEWHERE = fromClusters(NAMES, {
      prod: { destination: { cluster: "crc.testing/dr" }, replicas: 7, images: [{ from: "nginx", tag: "1.27" }] },
    });

    it.each([
      ["may not be read", SOURCE, UNREAD],
      ["are filtered, and its overlay holds what is in no cluster", ELSEWHERE, FILTERED],
    ])("it keeps what it builds, and the others move on: they %s", async (_why, gitops, spec) => {
      await back("dev", shop("dev.example.com"));
      await back("test", shop("test.example.com", { replicas: 3 }));
      await back("prod", shop("example.com", PROD));
      await propose(gitops);
      const before = await built(NAMES);
      expect(before.prod).toContain(gitops === SOURCE ? "image: nginx:1.28" : "image: nginx:1.27");

      // Its last full list lacked them, so that nothing but Git says what they are.
      const rest = shop("example.com", PROD).filter((object) => !isDeployment(object));
      await back("prod", rest);
      await back("prod", rest, spec);
      await back("dev", shop("dev.example.com", { image: "nginx:1.31", replicas: 4 }));
      await back("test", shop("test.example.com", { image: "nginx:1.31", replicas: 4, level: "debug" }));
      expect(await propose(gitops)).toMatchObject({ frozen: [], blocked: [] });
      const after = await built(NAMES);
      expect(after.prod).toBe(before.prod);
      expect(after.dev).toBe(before.dev?.replaceAll("nginx:1.29", "nginx:1.31").replace("replicas: 2", "replicas: 4"));
      expect(after.test).toContain("image: nginx:1.31");
      expect(after.test).toContain("LOG_LEVEL: debug");
      await again(gitops);

      await back("prod", shop("example.com", PROD));
      await propose(gitops);
      expect((await built(NAMES)).prod, "they can be read again").toBe(before.prod);
      await again(gitops);
    });

    it("an object goes from the others when it is gone there, and stays whole in that one", async () => {
      for (const name of NAMES) await back(name, shop("example.com"));
      await propose(SOURCE);
      const before = await built(NAMES);
      const rest = shop("example.com").filter((object) => !isDeployment(object));
      await back("prod", rest);
      await back("prod", rest, UNREAD);
      await back("dev", shop("example.com", { api: false }));
      await back("test", shop("example.com", { api: false }));
      await expect(propose(SOURCE)).rejects.toMatchObject({ kind: "blocked" });
      await propose({ ...SOURCE, maxRemovals: { files: 1, percent: 100 } });
      const after = await built(NAMES);
      expect(after.prod).toBe(before.prod);
      expect(after.dev).not.toContain("name: api");
      expect(Object.keys(await fleet.files("main"))).toContain("namespaces/shop/prod/deployment-api.yaml");
    });
  });

  it("give no commit once Argo CD has marked what it deployed, whatever differs between them", async () => {
    const names = ["dev", "test", "preprod", "prod"];
    const differences: readonly Differences[] = [
      { image: "registry.dev.example.com/nginx:1.31", replicas: 1, level: "debug" },
      { image: "nginx:1.30", replicas: 1 },
      { image: "nginx@sha256:0123456789abcdef", replicas: 2 },
      { replicas: 3, level: "warn" },
    ];
    const more = names.map((name) => [name, { destination: { server: `https://${name}.example.com` } }] as const);
    const gitops = fromClusters(names, Object.fromEntries(more));
    for (const [index, name] of names.entries()) await back(name, shop(`${name}.example.com`, differences[index]));
    await propose(gitops);
    const before = await built(names);
    expect(before.preprod).toContain("image: nginx@sha256:0123456789abcdef");
    expect(before.dev).toContain("host: shop.dev.example.com");
    for (const [index, name] of names.entries()) {
      await back(name, shop(`${name}.example.com`, differences[index]).map(trackedBy(`shop-${name}`)));
    }
    await again(gitops);
  });

  it("build what they built when one joins, one leaves, and they stand in another order", async () => {
    await back("dev", shop("dev.example.com", { replicas: 1 }));
    await back("test", shop("test.example.com", { image: "nginx:1.30", replicas: 3 }));
    await back("prod", shop("example.com", { image: "nginx:1.28", replicas: 5, level: "warn" }));
    await propose(fromClusters(["dev", "test", "prod"]));
    const { dev, test, prod } = await built(["dev", "test", "prod"]);

    await back("qa", shop("qa.example.com", { image: "nginx:1.30", api: false }));
    await propose(fromClusters(["dev", "test", "qa", "prod"]));
    const joined = await built(["dev", "test", "qa", "prod"]);
    expect(joined).toMatchObject({ dev, test, prod });
    expect(joined.qa?.match(/^ {2}name: .*$/gm)).toEqual([
      "  name: shop",
      "  name: settings",
      "  name: web",
      "  name: web",
    ]);
    expect(joined.qa).toContain("host: shop.qa.example.com");
    expect(joined.qa).toContain("image: nginx:1.30");

    await fleet.run({ gitops: fromClusters(["dev", "qa", "prod"]), allowRemovals: true });
    await fleet.merge(BRANCH);
    expect(await built(["dev", "qa", "prod"])).toEqual({ dev, qa: joined.qa, prod });
    expect(Object.keys(await fleet.files("main")).filter((path) => path.includes("/test/"))).toEqual([]);

    await propose(fromClusters(["prod", "dev", "qa"]));
    expect(await built(["dev", "qa", "prod"])).toEqual({ dev, qa: joined.qa, prod });
    await again(fromClusters(["prod", "dev", "qa"]));
  });

  it("that stay as they are build what they built when one is restored from an old backup and most have another value", async () => {
    const gitops = fromClusters(["dev", "test", "prod"]);
    const old = { image: "nginx:1.28", level: "warn" };
    await back("dev", shop("dev.example.com", old));
    await back("test", shop("test.example.com"));
    await back("prod", shop("example.com"));
    await propose(gitops);
    const base = "namespaces/shop/base/deployment-web.yaml";
    expect((await fleet.files("main"))[base]).toContain("image: nginx:1.29");
    const { dev, test } = await built(["dev", "test"]);

    await back("prod", shop("example.com", old));
    await propose(gitops);
    expect((await fleet.files("main"))[base]).toContain("image: nginx:1.28");
    const after = await built(["dev", "test", "prod"]);
    expect(after).toMatchObject({ dev, test });
    expect(after.prod).toBe(dev?.replaceAll("shop.dev.example.com", "shop.example.com"));
    await again(gitops);
  });

  it("leave the folder as it is when one of them is another cluster now", async () => {
    const gitops = fromClusters(["dev", "prod"]);
    await back("dev", shop("dev.example.com"));
    await back("prod", shop("example.com", { replicas: 5 }));
    await propose(gitops);
    const before = await fleet.files("main");
    await back("dev", shop("dev.example.com", { image: "nginx:1.31" }));
    await back("other", shop("example.com", { replicas: 5 }));
    const moved = fromClusters(["dev", "prod"], { prod: { cluster: "crc.testing/other" } });
    expect(await propose(moved)).toMatchObject({ commit: "", frozen: [{ folder: "namespaces/shop" }] });
    expect(await fleet.files("main")).toEqual(before);
  });
});

/** Marks an object as Argo CD does that deploys it. */
function trackedBy(application: string): (object: JsonObject) => JsonObject {
  return (object) => {
    const { apiVersion, kind, metadata } = object as { apiVersion: string; kind: string; metadata: JsonObject };
    const group = apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "";
    const id = `${application}:${group}/${kind}:shop/${String(metadata.name)}`;
    return withMetadata(object, { annotations: { "argocd.argoproj.io/tracking-id": id } });
  };
}
