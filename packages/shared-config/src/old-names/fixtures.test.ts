import { describe, expect, it } from "vitest";
import { type LoadedConfig, loadConfig, secretsOf } from "../index.ts";
import { loadTexts } from "../testing/load-yaml.ts";
import { fixture, mountedFolder, valuesIn } from "../testing/mounted-folder.ts";

const MINIO = {
  MINIO_ENDPOINT: "minio.example.com:9000",
  MINIO_ACCESS_KEY: "your-access-key",
  MINIO_SECRET_KEY: "your-secret-key",
};
const STORE =
  'store: { type: s3, endpoint: "minio.example.com:9000", accessKey: your-access-key, secretKey: your-secret-key }\n';

async function loadFixture(name: string, env: Readonly<Record<string, string>> = {}): Promise<LoadedConfig> {
  return loadConfig({ files: [fixture(name)], env: { ...MINIO, ...env }, cwd: "/nowhere" });
}

/** The same as a configuration in our own keys; secrets compare by their values. */
async function expectSame(loaded: LoadedConfig, ours: string): Promise<void> {
  const expected = await loadTexts([ours]);
  expect(loaded.config).toEqual(expected.config);
  const values = (config: unknown) => secretsOf(config).map((secret) => secret.reveal());
  expect(values(loaded.config)).toEqual(values(expected.config));
}

describe("files written for earlier tools load as they are", () => {
  it("one store for both stages, by anchor and alias", async () => {
    const loaded = await loadFixture("shared-anchors.yaml", {
      CLUSTER_NAME: "production-east",
      MINIO_BUCKET: "k8s-backups",
      GIT_REPOSITORY: "https://git.example.com/acme/fleet.git",
    });
    await expectSame(
      loaded,
      `
cluster: { name: production-east }
store: { type: s3, endpoint: "minio.example.com:9000", bucket: k8s-backups, accessKey: your-access-key, secretKey: your-secret-key }
gitops: { repository: { url: "https://git.example.com/acme/fleet.git" } }
`,
    );
    expect(loaded.notices).toEqual([]);
  });

  it("priorities of types", async () => {
    const loaded = await loadFixture("priorities.yaml");
    await expectSame(
      loaded,
      `${STORE}
backup:
  filter:
    priorities: { namespaces: 1, configmaps: 10, roles.rbac.authorization.k8s.io: 20, services: 30, ingresses.networking.k8s.io: 31 }
`,
    );
  });

  it("every section of a platform's file, with stage 2 configured: environments deploy to the default clusters", async () => {
    const loaded = await loadFixture("several-environments.yaml", {
      GIT_REPOSITORY: "git@git.example.com:acme/fleet.git",
      DEV_CLUSTER_URL: "https://dev-cluster-api.example.com",
      MAX_CONCURRENT: "12",
    });
    await expectSame(
      loaded,
      `
store: { type: s3, endpoint: "minio.example.com:9000", bucket: cluster-backups, autoCreateBucket: false, accessKey: your-access-key, secretKey: your-secret-key }
kubernetes: { concurrency: 12 }
limits: { memory: 2Gi, cpu: "2" }
batchSize: 50
backup: { mirror: { maxResourceSize: 10Mi } }
metrics: { enabled: true, port: 8080, path: /metrics }
log: { level: info, format: json }
tracing: { enabled: false }
retention: { byEnvironment: { dev: { within: 7d }, test: { within: 14d }, prod: { within: 90d } } }
gitops:
  repository: { url: "git@git.example.com:acme/fleet.git" }
  environments:
    dev: { autoSync: true, destination: { server: "https://dev-cluster-api.example.com" }, replicas: 1 }
    test: { autoSync: true, destination: { server: "https://test-cluster-api.example.com" }, replicas: 1 }
    preprod: { autoSync: false, destination: { server: "https://preprod-cluster-api.example.com" }, replicas: 2 }
    prod: { autoSync: false, destination: { server: "https://prod-cluster-api.example.com" }, replicas: 3 }
  overrides:
    critical-workloads:
      dev: { destination: { server: "https://critical-dev.example.com" } }
      prod: { destination: { server: "https://critical-prod.example.com" } }
`,
    );
    expect(loaded.oldNames).toContainEqual({
      name: "clusters.critical-workloads.prod",
      source: `${fixture("several-environments.yaml")}:28`,
      outcome: "read",
      keys: ["gitops.overrides.critical-workloads.prod.destination.server"],
      note: "read as a namespace, because there is a `default` beside it",
    });
    expect(loaded.notices.map((notice) => notice.replace(fixture("several-environments.yaml"), "FILE"))).toEqual([
      "config: storage.fallback_buckets set in FILE and not used: a run writes to one bucket; this version copies to no second one",
      "config: backup_schedules.dev, backup_schedules.test, backup_schedules.prod set in FILE and not used: schedules are those of the CronJob that runs kubeferry",
      "config: multi_cluster_support set in FILE and not used: there are no feature flags: several clusters and incremental snapshots are always there",
      "config: notifications.webhook.url, notifications.webhook.on_success, notifications.webhook.on_failure, notifications.slack.webhook_url, notifications.slack.channel set in FILE and not used: nobody is told of anything while notifications.enabled is not true",
    ]);
  });

  it("the same file without stage 2, and with none of its variables set", async () => {
    const { config, notices } = await loadFixture("several-environments.yaml");
    expect(config.gitops).toBeUndefined();
    expect(config).toMatchObject({ kubernetes: { concurrency: 10 }, limits: { memoryBytes: 2 ** 31, cpu: 2 } });
    expect(notices.join("\n")).toMatch(
      /environments\[0\]\.cluster_url, environments\[0\]\.auto_sync, .* clusters\.default\.prod, clusters\.critical-workloads\.dev, clusters\.critical-workloads\.prod set .* not used: there is no section gitops, and environments belong to stage 2/,
    );
  });

  it("clusters by region: an environment with several becomes one environment for each", async () => {
    const loaded = await loadFixture("regions.yaml", { GIT_REPOSITORY: "/fleet.git" });
    expect(loaded.config.gitops?.environments).toEqual({
      "dev-us-east-1": {
        autoSync: true,
        destination: { server: "https://k8s-dev-use1.company.com" },
        replicas: { "*": 1 },
      },
      "dev-eu-west-1": {
        autoSync: true,
        destination: { server: "https://k8s-dev-euw1.company.com" },
        replicas: { "*": 1 },
      },
      preprod: { autoSync: false, replicas: { "*": 2 } },
      "prod-us-east-1": {
        autoSync: false,
        destination: { server: "https://k8s-prod-use1.company.com" },
        replicas: { "*": 3 },
      },
      "prod-eu-west-1": {
        autoSync: false,
        destination: { server: "https://k8s-prod-euw1.company.com" },
        replicas: { "*": 3 },
      },
      "prod-asia-pacific-1": {
        autoSync: false,
        destination: { server: "https://k8s-prod-ap1.company.com" },
        replicas: { "*": 3 },
      },
      "test-us-east-1": { destination: { server: "https://k8s-test-use1.company.com" } },
      "test-eu-west-1": { destination: { server: "https://k8s-test-euw1.company.com" } },
    });
    expect(loaded.oldNames).toContainEqual({
      name: "clusters.asia-pacific-1.prod",
      source: `${fixture("regions.yaml")}:12`,
      outcome: "read",
      keys: ["gitops.environments.prod-asia-pacific-1.destination.server"],
      note: "read as a region, because there is no `default` beside it",
    });
  });
});

describe("folders mounted from what earlier tools were given", () => {
  it("a ConfigMap with the 16 filters and its batch and retry settings", async () => {
    const folder = await mountedFolder(await valuesIn("mounted-filters"));
    const loaded = await loadConfig({ files: [], folders: [folder], env: MINIO, cwd: "/nowhere" });
    await expectSame(
      loaded,
      `${STORE}
batchSize: 50
retry: { attempts: 3, delay: 5s }
backup:
  filter:
    mode: hybrid
    resources: { include: [deployments, services, configmaps, secrets, persistentvolumeclaims], exclude: [events, nodes, endpoints] }
    namespaces: { include: [production, staging], exclude: [kube-system, kube-public] }
    crds: [workflows.argoproj.io, workflowtemplates.argoproj.io, applications.argoproj.io, routes.route.openshift.io, buildconfigs.build.openshift.io]
    labelSelector: "app=production,tier!=cache"
    annotationSelector: "backup.io/enabled=true"
    ownerRule: true
    openShift: auto
    openShiftResources: true
  mirror: { maxResourceSize: 10Mi, includeManagedFields: false, includeStatus: false, validate: true }
`,
    );
    expect(loaded.notices).toEqual([]);
  });

  it("a Secret with the cluster's names, the bucket and the repository", async () => {
    const folder = await mountedFolder(await valuesIn("mounted-secrets"));
    const loaded = await loadConfig({ files: [], folders: [folder], env: MINIO, cwd: "/nowhere" });
    await expectSame(
      loaded,
      `${STORE}
cluster: { domain: production.company.com, name: east-cluster }
gitops: { repository: { url: "git@github.com:company/cluster-backups.git" } }
`,
    );
  });

  it("the same filters at the top of a YAML file", async () => {
    const { config } = await loadTexts(
      ['filtering-mode: "whitelist"\ninclude-resources: |\n  deployments\n  services\n  configmaps\nbatch-size: "7"\n'],
      { env: MINIO },
    );
    expect(config).toMatchObject({
      backup: { filter: { mode: "whitelist", resources: { include: ["deployments", "services", "configmaps"] } } },
      batchSize: 7,
    });
  });
});
