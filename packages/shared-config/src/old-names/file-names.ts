import {
  always,
  clusterPrefix,
  key,
  lines,
  type OldName,
  ofChannel,
  ofEnvironment,
  unused,
  whereSet,
  wordFor,
} from "./became.ts";
import { ALWAYS_BATCHED, ALWAYS_ZSTD, NO_FALLBACK, NO_FEATURE_FLAGS, SCHEDULES, SKIPS_INVALID } from "./reasons.ts";

const SERVER = "gitops.environments.<name>.destination.server";
const AUTO_SYNC = "gitops.environments.<name>.autoSync";
const REPLICAS = "gitops.environments.<name>.replicas";

/** Old keys of YAML files, by their dotted path. None is a key of ours. */
export const FILE_NAMES: readonly OldName[] = [
  { old: "backup.cluster_name", became: key("cluster.name") },
  { old: "backup.cluster_domain", became: key("cluster.domain") },
  { old: "backup.trigger_gitops", became: wordFor("announce.via", { yes: "in-process", no: "none" }) },
  ...["backup.minio", "gitops.minio", "storage"].flatMap(storeNames),
  { old: "gitops.minio.prefix", became: clusterPrefix() },
  { old: "storage.auto_create_bucket", became: key("store.autoCreateBucket") },
  { old: "storage.fallback_buckets", became: unused(NO_FALLBACK) },
  { old: "gitops.git.repository", became: key("gitops.repository.url") },

  { old: "backup.behavior.batch_size", became: key("batchSize") },
  { old: "backup.behavior.max_resource_size", became: key("backup.mirror.maxResourceSize") },
  { old: "backup.behavior.skip_invalid_resources", became: always(true, SKIPS_INVALID) },
  { old: "backup.behavior.retry_attempts", became: key("retry.attempts") },
  { old: "backup.behavior.retry_delay", became: key("retry.delay") },

  { old: "performance.limits.max_concurrent_operations", became: key("kubernetes.concurrency") },
  { old: "performance.limits.memory_limit", became: key("limits.memory") },
  { old: "performance.limits.cpu_limit", became: key("limits.cpu") },
  { old: "performance.optimization.batch_processing", became: always(true, ALWAYS_BATCHED) },
  { old: "performance.optimization.compression", became: always(true, ALWAYS_ZSTD) },

  { old: "observability.metrics.enabled", became: key("metrics.enabled") },
  { old: "observability.metrics.port", became: key("metrics.port") },
  { old: "observability.metrics.path", became: key("metrics.path") },
  { old: "observability.logging.level", became: key("log.level") },
  { old: "observability.logging.format", became: key("log.format") },
  { old: "observability.tracing.enabled", became: key("tracing.enabled") },
  { old: "observability.tracing.endpoint", became: whereSet("tracing.endpoint") },

  { old: "notifications.webhook.url", became: ofChannel("webhook", "url") },
  { old: "notifications.webhook.on_success", became: ofChannel("webhook", "success") },
  { old: "notifications.webhook.on_failure", became: ofChannel("webhook", "failure") },
  { old: "notifications.slack.webhook_url", became: ofChannel("slack", "url") },
  { old: "notifications.slack.channel", became: ofChannel("slack", "channel") },

  { old: "backup_schedules.*", became: unused(SCHEDULES) },
  { old: "retention_policies.*", became: key("retention.byEnvironment.<name>") },
  { old: "multi_cluster_support", became: unused(NO_FEATURE_FLAGS) },
  { old: "features.*", became: unused(NO_FEATURE_FLAGS) },
  { old: "feature_flags.*", became: unused(NO_FEATURE_FLAGS) },

  { old: "core_resources.*", became: key("backup.filter.priorities.<name>") },
  { old: "rbac_resources.*", became: key("backup.filter.priorities.<name>") },
  { old: "network_resources.*", became: key("backup.filter.priorities.<name>") },
  ...filterNames(),
];

/** Old keys of environments and of the clusters they are deployed to; read together. */
export const ENVIRONMENT_NAMES: readonly OldName[] = [
  { old: "environments[].name", became: ofEnvironment("gitops.environments.<name>") },
  { old: "environments[].cluster_url", became: ofEnvironment(SERVER) },
  { old: "environments[].auto_sync", became: ofEnvironment(AUTO_SYNC) },
  { old: "environments[].sync_policy", became: ofEnvironment(AUTO_SYNC, "`automated` is true, `manual` is false") },
  { old: "environments[].replicas", became: ofEnvironment(REPLICAS) },
  { old: "environments.*", became: ofEnvironment("gitops.environments.<name>") },
  { old: "environments.*.cluster_url", became: ofEnvironment(SERVER) },
  { old: "environments.*.auto_sync", became: ofEnvironment(AUTO_SYNC) },
  { old: "environments.*.sync_policy", became: ofEnvironment(AUTO_SYNC, "`automated` is true, `manual` is false") },
  { old: "environments.*.replicas", became: ofEnvironment(REPLICAS) },
  { old: "clusters.default.*", became: ofEnvironment(SERVER) },
  {
    old: "clusters.<region>.*",
    became: ofEnvironment(
      SERVER,
      "without a `default` beside them the names are regions; an environment with several becomes one environment for each, `prod-us-east-1`",
    ),
  },
  {
    old: "clusters.<namespace>.*",
    became: ofEnvironment(
      "gitops.overrides.<namespace>.<name>.destination.server",
      "with a `default` beside them the names are namespaces",
    ),
  },
];

function storeNames(section: string): readonly OldName[] {
  return [
    { old: `${section}.endpoint`, became: key("store.endpoint") },
    { old: `${section}.bucket`, became: key("store.bucket") },
    { old: `${section}.access_key`, became: key("store.accessKey") },
    { old: `${section}.secret_key`, became: key("store.secretKey") },
    { old: `${section}.use_ssl`, became: key("store.useSsl") },
  ];
}

/** The names of the old ConfigMap that no variable has; they are read in files too. */
export function filterNames(): readonly OldName[] {
  return [
    { old: "filtering-mode", became: key("backup.filter.mode") },
    { old: "include-resources", became: lines("backup.filter.resources.include") },
    { old: "exclude-resources", became: lines("backup.filter.resources.exclude") },
    { old: "include-namespaces", became: lines("backup.filter.namespaces.include") },
    { old: "exclude-namespaces", became: lines("backup.filter.namespaces.exclude") },
    { old: "include-crds", became: lines("backup.filter.crds") },
    { old: "label-selector", became: key("backup.filter.labelSelector") },
    { old: "annotation-selector", became: key("backup.filter.annotationSelector") },
    { old: "max-resource-size", became: key("backup.mirror.maxResourceSize") },
    { old: "follow-owner-references", became: key("backup.filter.ownerRule") },
    { old: "include-managed-fields", became: key("backup.mirror.includeManagedFields") },
    { old: "include-status", became: key("backup.mirror.includeStatus") },
    { old: "openshift-mode", became: key("backup.filter.openShift") },
    { old: "include-openshift-resources", became: key("backup.filter.openShiftResources") },
    { old: "validate-yaml", became: key("backup.mirror.validate") },
    { old: "skip-invalid-resources", became: always(true, SKIPS_INVALID) },
    { old: "batch-size", became: key("batchSize") },
    { old: "retry-attempts", became: key("retry.attempts") },
    { old: "retry-delay", became: key("retry.delay") },
  ];
}
