import { branch, merge, type Sourced } from "../sourced.ts";

/** An environment variable that stands for a key, also without any file. */
export interface VariableOfKey {
  readonly variable: string;
  /** Dotted path of the key. */
  readonly key: string;
}

/** All of them. An empty variable counts as not set. */
export const VARIABLES: readonly VariableOfKey[] = [
  { variable: "CLUSTER_NAME", key: "cluster.name" },
  { variable: "CLUSTER_DOMAIN", key: "cluster.domain" },
  { variable: "MINIO_ENDPOINT", key: "store.endpoint" },
  { variable: "MINIO_USE_SSL", key: "store.useSsl" },
  { variable: "MINIO_ACCESS_KEY", key: "store.accessKey" },
  { variable: "MINIO_SECRET_KEY", key: "store.secretKey" },
  { variable: "MINIO_BUCKET", key: "store.bucket" },
  { variable: "BATCH_SIZE", key: "batchSize" },
  { variable: "RETRY_ATTEMPTS", key: "retry.attempts" },
  { variable: "RETRY_DELAY", key: "retry.delay" },
  { variable: "LOG_LEVEL", key: "log.level" },
];

/** What the environment says, and which of its variables say something about a store that is not used. */
export interface ReadEnvironment {
  readonly tree: Sourced | undefined;
  readonly unused: readonly string[];
}

/**
 * Reads the variables that stand for keys. Those of the store mean an S3 store: they choose it where no `store.type` is
 * written, and are left aside where another type is.
 * @param storeType what files and flags say
 */
export function readEnvironment(env: NodeJS.ProcessEnv, storeType: unknown): ReadEnvironment {
  const set = VARIABLES.filter(({ variable }) => (env[variable] ?? "") !== "");
  const ofStore = set.filter(({ key }) => key.startsWith("store."));
  const otherStore = storeType !== undefined && storeType !== "s3";
  const used = otherStore ? set.filter((entry) => !ofStore.includes(entry)) : set;
  const implied = storeType === undefined ? ofStore.slice(0, 1).map((entry) => ({ ...entry, key: "store.type" })) : [];
  const leaves = [
    ...used.map(({ variable, key }) => branchOf(variable, key, env[variable])),
    ...implied.map(({ variable, key }) => branchOf(variable, key, "s3")),
  ];
  return {
    tree: leaves.reduce<Sourced | undefined>(merge, undefined),
    unused: otherStore ? ofStore.map(({ variable }) => variable) : [],
  };
}

function branchOf(variable: string, key: string, value: unknown): Sourced {
  return branch(key, { kind: "leaf", origin: { kind: "environment", variable }, value });
}

/** The variable that stands for a key, if there is one. */
export function variableOf(key: string): string | undefined {
  return VARIABLES.find((entry) => entry.key === key)?.variable;
}
