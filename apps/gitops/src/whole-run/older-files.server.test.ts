import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseYaml } from "@kubeferry/clean";
import type { JsonObject } from "@kubeferry/model";
import { deployment, namespace } from "@kubeferry/test-fleet";
import { missingServers } from "@kubeferry/testbed";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createFleet, type Fleet } from "../testing/fleet.ts";

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

interface Application {
  readonly spec: {
    readonly source: { readonly path: string };
    readonly destination: { readonly server: string };
    readonly syncPolicy: { readonly automated?: object };
  };
}
