export { ConfigError, type ConfigErrorKind, type ConfigProblem } from "./config-error.ts";
export { configJsonSchema, type JsonSchema } from "./json-schema.ts";
export {
  type ConfigSources,
  DEFAULT_FILE,
  gitopsOf,
  type LoadedConfig,
  loadConfig,
  SMALLEST_EXAMPLE,
} from "./load-config.ts";
export { configReference } from "./reference.ts";
export type { ClusterRef } from "./schema/cluster.ts";
export type {
  ArgoCdConfig,
  BackupConfig,
  ClusterConfig,
  Config,
  EnvironmentConfig,
  GitOpsConfig,
  KubernetesConfig,
  LogConfig,
  MaxRemovalsConfig,
  RepositoryConfig,
  RetryConfig,
  StoreConfig,
} from "./schema/config.ts";
export type { DestinationConfig } from "./schema/gitops.ts";
export type { ConfigFlags } from "./sources/flags.ts";
