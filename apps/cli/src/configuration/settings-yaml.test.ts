import { loadConfig } from "@kubeferry/shared-config";
import { describe, expect, it } from "vitest";
import { settingsYaml } from "./settings-yaml.ts";

const MINIO = { MINIO_ENDPOINT: "https://minio", MINIO_ACCESS_KEY: "access", MINIO_SECRET_KEY: "hidden" };

async function shown(env: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const { settings, oldNames } = await loadConfig({ files: [], env: { ...MINIO, ...env }, cwd: "/nowhere" });
  return settingsYaml(settings, oldNames, true)
    .split("\n")
    .map((line) => line.trim());
}

// Each with the value it has when nothing else is said, or another.
const READ: readonly (readonly [variable: string, value: string, line: string])[] = [
  ["CLUSTER_NAME", "production-east", "name: production-east"],
  ["CLUSTER_DOMAIN", "company.local", "domain: company.local"],
  ["MINIO_ENDPOINT", "minio.example.com:9000", "endpoint: minio.example.com:9000"],
  ["MINIO_ACCESS_KEY", "your-access-key", 'accessKey: "***"'],
  ["MINIO_SECRET_KEY", "your-secret-key", 'secretKey: "***"'],
  ["MINIO_BUCKET", "cluster-backups", "bucket: cluster-backups"],
  ["MINIO_USE_SSL", "true", "useSsl: true"],
  ["AUTO_CREATE_BUCKET", "false", "autoCreateBucket: false"],
  ["LOG_LEVEL", "info", "level: info"],
  ["LOG_FORMAT", "json", "format: json"],
  ["BATCH_SIZE", "50", "batchSize: 50"],
  ["RETRY_ATTEMPTS", "3", "attempts: 3"],
  ["RETRY_DELAY", "5s", "delay: 5s"],
  ["MAX_CONCURRENT", "10", "concurrency: 10"],
  ["MEMORY_LIMIT", "2Gi", "memory: 2Gi"],
  ["CPU_LIMIT", "2", 'cpu: "2"'],
  ["MAX_RESOURCE_SIZE", "10Mi", "maxResourceSize: 10Mi"],
  ["METRICS_ENABLED", "true", "enabled: true"],
  ["METRICS_PORT", "8080", "port: 8080"],
  ["METRICS_PATH", "/metrics", "path: /metrics"],
  ["TRACING_ENABLED", "false", "enabled: false"],
  ["TRACING_ENDPOINT", "http://jaeger:4318", "endpoint: http://jaeger:4318"],
  ["NOTIFICATIONS_ENABLED", "false", "enabled: false"],
  ["GIT_REPOSITORY", "https://git.example.com/acme/fleet.git", "url: https://git.example.com/acme/fleet.git"],
];

const NOT_USED: readonly (readonly [variable: string, value: string, outcome: RegExp])[] = [
  ["BATCH_PROCESSING", "true", /^always so: /],
  ["ENABLE_COMPRESSION", "true", /^always so: .*zstd/],
  ["SKIP_INVALID", "true", /^always so: /],
  ["WEBHOOK_URL", "https://hooks.example.com/planted", /^not used: nobody is told of anything while/],
  ["SLACK_WEBHOOK_URL", "https://hooks.example.com/planted", /^not used: nobody is told of anything while/],
  ["SLACK_CHANNEL", "#backup-notifications", /^not used: nobody is told of anything while/],
  ["DEV_CLUSTER_URL", "https://dev", /^not used: there is no section gitops/],
];

describe("config show --origin", () => {
  it.each(READ)("shows the value of %s alone, and that it comes from there", async (variable, value, line) => {
    expect(await shown({ [variable]: value })).toContain(`${line} # environment variable ${variable}`);
  });

  it.each(["DEV", "TEST", "PREPROD", "PROD"])("shows %s_CLUSTER_URL where stage 2 is configured", async (name) => {
    const variable = `${name}_CLUSTER_URL`;
    expect(await shown({ [variable]: "https://api:6443", GIT_REPOSITORY: "/fleet.git" })).toContain(
      `server: https://api:6443 # environment variable ${variable}`,
    );
  });

  it("shows TRIGGER_GITOPS as the way by which stage 2 follows", async () => {
    expect(await shown({ TRIGGER_GITOPS: "true", GIT_REPOSITORY: "/fleet.git" })).toContain(
      "via: in-process # environment variable TRIGGER_GITOPS",
    );
  });

  it.each(NOT_USED)("says of %s why it is not used, without its value", async (variable, value, outcome) => {
    const lines = await shown({ [variable]: value });
    const prefix = `#   ${variable} [environment variable ${variable}]: `;
    const [line = ""] = lines.filter((each) => each.startsWith(prefix));
    expect(line.slice(prefix.length)).toMatch(outcome);
    expect(lines.join("\n")).not.toContain("planted");
  });

  it("shows what entries of clusters say, names with dots, and lists, as a file would", async () => {
    const flags = { "backup.filter.alsoTake": ["events", "leases.coordination.k8s.io"] };
    const file = new URL("../../../../packages/shared-config/fixtures/priorities.yaml", import.meta.url).pathname;
    const { settings, oldNames } = await loadConfig({ files: [file], env: MINIO, flags, cwd: "/nowhere" });
    const text = settingsYaml(settings, oldNames, false);
    expect(text).toContain("    alsoTake: [events, leases.coordination.k8s.io]\n");
    expect(text).toContain("      roles.rbac.authorization.k8s.io: 20\n");
    expect(text).toContain(`[${file}:4]: backup.filter.priorities.ingresses.networking.k8s.io\n`);
    expect(text).not.toContain(" # ");
  });
});
