import { always, key, type OldName, ofChannel, ofEnvironment, wordFor } from "./became.ts";
import { ALWAYS_BATCHED, ALWAYS_ZSTD, SKIPS_INVALID } from "./reasons.ts";

/** Environment variables that stand for keys, also without any file. An empty one counts as not set. */
export const VARIABLES: readonly OldName[] = [
  { old: "CLUSTER_NAME", became: key("cluster.name") },
  { old: "CLUSTER_DOMAIN", became: key("cluster.domain") },
  { old: "MINIO_ENDPOINT", became: key("store.endpoint") },
  { old: "MINIO_USE_SSL", became: key("store.useSsl") },
  { old: "MINIO_ACCESS_KEY", became: key("store.accessKey") },
  { old: "MINIO_SECRET_KEY", became: key("store.secretKey") },
  { old: "MINIO_BUCKET", became: key("store.bucket") },
  { old: "AUTO_CREATE_BUCKET", became: key("store.autoCreateBucket") },
  { old: "BATCH_SIZE", became: key("batchSize") },
  { old: "MAX_CONCURRENT", became: key("kubernetes.concurrency") },
  { old: "MEMORY_LIMIT", became: key("limits.memory") },
  { old: "CPU_LIMIT", became: key("limits.cpu") },
  { old: "MAX_RESOURCE_SIZE", became: key("backup.mirror.maxResourceSize") },
  { old: "RETRY_ATTEMPTS", became: key("retry.attempts") },
  { old: "RETRY_DELAY", became: key("retry.delay") },
  { old: "LOG_LEVEL", became: key("log.level") },
  { old: "LOG_FORMAT", became: key("log.format") },
  { old: "METRICS_ENABLED", became: key("metrics.enabled") },
  { old: "METRICS_PORT", became: key("metrics.port") },
  { old: "METRICS_PATH", became: key("metrics.path") },
  { old: "GIT_REPOSITORY", became: key("gitops.repository.url") },
  ...["dev", "test", "preprod", "prod"].map((name) => ({
    old: `${name.toUpperCase()}_CLUSTER_URL`,
    became: ofEnvironment(`gitops.environments.${name}.destination.server`, "where stage 2 is configured"),
  })),
  { old: "BATCH_PROCESSING", became: always(true, ALWAYS_BATCHED) },
  { old: "ENABLE_COMPRESSION", became: always(true, ALWAYS_ZSTD) },
  { old: "SKIP_INVALID", became: always(true, SKIPS_INVALID) },
  { old: "TRIGGER_GITOPS", became: wordFor("announce.via", { yes: "in-process", no: "none" }) },
  { old: "TRACING_ENABLED", became: key("tracing.enabled") },
  { old: "TRACING_ENDPOINT", became: key("tracing.endpoint") },
  { old: "NOTIFICATIONS_ENABLED", became: key("notifications.enabled") },
  { old: "WEBHOOK_URL", became: ofChannel("webhook", "url") },
  { old: "SLACK_WEBHOOK_URL", became: ofChannel("slack", "url") },
  { old: "SLACK_CHANNEL", became: ofChannel("slack", "channel") },
];

/** The variable whose value a key takes as it is, if there is one. */
export function variableOf(name: string): string | undefined {
  return VARIABLES.find(({ became }) => became.kind === "keys" && became.keys.includes(name))?.old;
}

/** The environment that a variable such as PROD_CLUSTER_URL speaks of. */
export function environmentOf(variable: string): string {
  return variable.replace(/_CLUSTER_URL$/, "").toLowerCase();
}
