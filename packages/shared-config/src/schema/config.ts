import type { Secret } from "@kubeferry/model";
import { z } from "zod";
import { backupSection } from "./backup.ts";
import { clusterSection } from "./cluster.ts";
import { gitopsSection } from "./gitops.ts";
import { kubernetesSection } from "./kubernetes.ts";
import { storeSection } from "./store.ts";
import { choice, duration, emptySection, whole } from "./values.ts";

const logSection = z
  .preprocess(
    emptySection,
    z.strictObject({
      level: choice(["debug", "info", "warn", "error"], {
        description: "The least important lines that are written.",
      }).prefault("info"),
      format: choice(["auto", "json", "pretty"], {
        description: "`json`: one JSON object a line. `pretty`: for people. `auto`: pretty on a terminal, else json.",
      }).prefault("auto"),
    }),
  )
  .prefault({})
  .meta({ description: "What is logged, to stderr." });

const retrySection = z
  .preprocess(
    emptySection,
    z
      .strictObject({
        attempts: whole({ min: 1, max: 20 }, { description: "How often a request is tried in all." }).prefault(3),
        delay: duration(
          { min: "0s", max: "10m" },
          {
            description:
              "About how long to wait before the next try; part of it is random, and a server that asks for more gets more.",
          },
        ).prefault("5s"),
      })
      .transform(({ attempts, delay }) => ({ attempts, delayMs: delay })),
  )
  .prefault({})
  .meta({ description: "What happens when the store or the API server is unavailable or asks to slow down." });

/** The one schema of both stages. Durations come out as milliseconds, secret values as `Secret`. */
export const configSchema = z.strictObject({
  cluster: clusterSection,
  kubernetes: kubernetesSection,
  store: storeSection,
  backup: backupSection,
  gitops: gitopsSection.exactOptional(),
  log: logSection,
  retry: retrySection,
  batchSize: whole({ min: 1, max: 1000 }, { description: "Objects in flight to the store at the same time." }).prefault(
    50,
  ),
});

type Frozen<T> = T extends Secret
  ? T
  : T extends readonly (infer Item)[]
    ? readonly Frozen<Item>[]
    : T extends object
      ? { readonly [Key in keyof T]: Frozen<T[Key]> }
      : T;

/** Everything both stages are told; deeply frozen. */
export type Config = Frozen<z.output<typeof configSchema>>;
/** Name and domain, where they were written. */
export type ClusterConfig = Config["cluster"];
/** How the API server is reached and read. */
export type KubernetesConfig = Config["kubernetes"];
/** Where snapshots live; an S3 endpoint is a URL whose scheme agrees with `useSsl`. */
export type StoreConfig = Config["store"];
/** What stage 1 takes and keeps. */
export type BackupConfig = Config["backup"];
/** Stage 2. */
export type GitOpsConfig = NonNullable<Config["gitops"]>;
/** One environment: whose snapshots, and where Argo CD deploys them. */
export type EnvironmentConfig = GitOpsConfig["environments"][string];
/** The names the written Applications use. */
export type ArgoCdConfig = GitOpsConfig["argocd"];
/** How much a run may remove. */
export type MaxRemovalsConfig = GitOpsConfig["maxRemovals"];
/** Where the files go, and who opens the pull request. */
export type RepositoryConfig = GitOpsConfig["repository"];
/** What is logged. */
export type LogConfig = Config["log"];
/** Tries at the store; `delayMs` in milliseconds. */
export type RetryConfig = Config["retry"];
