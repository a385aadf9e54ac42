export { changedKeys } from "./changed-keys.ts";
export { ConfigError, type ConfigErrorKind, type ConfigProblem } from "./config-error.ts";
export { gitopsOf } from "./gitops-of.ts";
export { configJsonSchema, type JsonSchema } from "./json-schema.ts";
export { secretKeyNames } from "./keys.ts";
export { type LoadedConfig, loadConfig } from "./load-config.ts";
export type { OldName } from "./old-name-report.ts";
export { type ConfigSources, DEFAULT_FILE, SMALLEST_EXAMPLE } from "./read-sources.ts";
export { configReference } from "./reference.ts";
export type { ClusterRef } from "./schema/cluster.ts";
export type {
  AnnounceConfig,
  ArgoCdConfig,
  BackupConfig,
  CleanConfig,
  ClusterConfig,
  Config,
  EncryptionConfig,
  EnvironmentConfig,
  FilterConfig,
  GitOpsConfig,
  GitSecretsConfig,
  KubernetesConfig,
  LayoutConfig,
  LimitsConfig,
  LogConfig,
  MaxRemovalsConfig,
  MetricsConfig,
  MirrorConfig,
  NetworkConfig,
  NotificationsConfig,
  OverrideConfig,
  RecoveryConfig,
  RepositoryConfig,
  RestoreConfig,
  RetentionConfig,
  RetryConfig,
  ScanConfig,
  ServeConfig,
  SigningConfig,
  SourceConfig,
  StoreConfig,
  SyncWindowConfig,
  TracingConfig,
  ValidationConfig,
  WebhookConfig,
} from "./schema/config.ts";
export type { ClusterOnly, DestinationConfig } from "./schema/deployment.ts";
export { chainOf } from "./schema/environments.ts";
export { OVERRIDE_KEYS } from "./schema/overrides.ts";
export { retentionPolicyOf } from "./schema/retention.ts";
export { secretsOf } from "./secrets-of.ts";
export { compilePattern, type Pattern, patternProblem } from "./selection/pattern.ts";
export {
  createScope,
  type IncludeExclude,
  type NameScope,
  type Placed,
  type Scope,
  type ScopeReason,
} from "./selection/scope.ts";
export { compileTypePattern, type NamedType, type TypePattern } from "./selection/type-pattern.ts";
export type { Setting } from "./settings.ts";
export type { ConfigFlags } from "./sources/flags.ts";
