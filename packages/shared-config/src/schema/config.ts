import type { Secret, SecretsMode } from "@kubeferry/model";
import { z } from "zod";
import { announceSection } from "./announce.ts";
import { backupSection } from "./backup.ts";
import { cleanSection } from "./cleaning.ts";
import { clusterSection } from "./cluster.ts";
import { clustersSection, repeatedClusters } from "./clusters.ts";
import { gitopsSection } from "./gitops.ts";
import { kubernetesSection } from "./kubernetes.ts";
import { layoutSection } from "./layout.ts";
import { limitsSection } from "./limits.ts";
import { metricsSection } from "./metrics.ts";
import { networkSection } from "./network.ts";
import { notificationsSection } from "./notifications.ts";
import { encryptionSection, signingSection } from "./protection.ts";
import { recoverySection } from "./recovery.ts";
import { retentionSection } from "./retention.ts";
import { storeSection } from "./store.ts";
import { tracingSection } from "./tracing.ts";
import { asPartial, choice, duration, EVEN_WHEN_INVALID, emptySection, whole } from "./values.ts";
import { webhookSection } from "./webhook.ts";

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

const sections = z.strictObject({
  cluster: clusterSection,
  clusters: clustersSection,
  kubernetes: kubernetesSection,
  store: storeSection,
  network: networkSection,
  layout: layoutSection,
  encryption: encryptionSection,
  signing: signingSection,
  backup: backupSection,
  clean: cleanSection,
  limits: limitsSection,
  retention: retentionSection,
  announce: announceSection,
  webhook: webhookSection,
  notifications: notificationsSection,
  metrics: metricsSection,
  tracing: tracingSection,
  gitops: gitopsSection.exactOptional(),
  recovery: recoverySection,
  log: logSection,
  retry: retrySection,
  shutdownTimeout: duration(
    { min: "1s", max: "10m" },
    {
      description:
        "How long a process that is told to stop (SIGTERM) may finish what is in flight, before it leaves it. Keep it below the Pod's `terminationGracePeriodSeconds`.",
    },
  ).prefault("20s"),
  batchSize: whole({ min: 1, max: 1000 }, { description: "Objects in flight to the store at the same time." }).prefault(
    50,
  ),
});

/** The one schema of both stages. Durations come out as milliseconds, sizes as bytes, secret values as `Secret`. */
export const configSchema = sections
  .superRefine((value, context) => {
    for (const [path, message] of clusterProblems(asPartial(value))) {
      context.addIssue({ code: "custom", path: [...path], message });
    }
  }, EVEN_WHEN_INVALID)
  .superRefine((value, context) => {
    const { backup, encryption } = asPartial(value);
    if (asPartial(backup).secrets !== "encrypt" || hasItems(asPartial(encryption).recipients)) return;
    const message =
      "encrypt needs recipients: write encryption.recipients (kubeferry init makes a key pair), or withhold, omit or plain";
    context.addIssue({ code: "custom", path: ["backup", "secrets"], message });
  }, EVEN_WHEN_INVALID)
  .superRefine((value, context) => {
    const { announce, webhook, gitops } = asPartial(value);
    for (const [path, message] of announceProblems(asPartial(announce).via, asPartial(webhook).keys, gitops)) {
      context.addIssue({ code: "custom", path: [...path], message });
    }
  }, EVEN_WHEN_INVALID)
  // The entries are laid over the rest before this schema sees the whole configuration of each.
  .transform(({ clusters: _, backup, ...rest }) => ({
    ...rest,
    backup: { ...backup, secrets: secretsMode(backup, rest) },
  }));

function* announceProblems(
  via: unknown,
  keys: unknown,
  gitops: unknown,
): Generator<readonly [readonly string[], string]> {
  if (via === "webhook" && !hasItems(keys))
    yield [
      ["announce", "via"],
      "webhook needs a key that calls are signed with: write webhook.keys (kubeferry init --webhook makes one)",
    ];
  if (via === "in-process" && gitops === undefined)
    yield [["announce", "via"], "in-process runs stage 2, and there is no section gitops"];
}

function* clusterProblems({
  cluster,
  clusters,
}: Readonly<Record<string, unknown>>): Generator<readonly [readonly (string | number)[], string]> {
  if (!Array.isArray(clusters) || clusters.length === 0) return;
  const { name, domain } = asPartial(cluster);
  if (name !== undefined)
    yield [["cluster", "name"], "names one cluster, and clusters names several; drop one of them"];
  for (const [index, message] of repeatedClusters(clusters, domain)) yield [["clusters", index, "name"], message];
}

/** `encrypt` is the ordinary case as soon as there is anybody to encrypt to. */
function secretsMode(
  { secrets }: { readonly secrets?: SecretsMode },
  { encryption }: { readonly encryption: { readonly recipients: readonly string[] } },
): SecretsMode {
  return secrets ?? (encryption.recipients.length > 0 ? "encrypt" : "withhold");
}

function hasItems(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0;
}

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
/** Which types and objects are taken. */
export type FilterConfig = BackupConfig["filter"];
/** The files beside the snapshots. */
export type MirrorConfig = BackupConfig["mirror"];
/** Proxy and authorities on the way to the store. */
export type NetworkConfig = Config["network"];
/** How keys in the bucket are built. */
export type LayoutConfig = Config["layout"];
/** To whom Secrets are encrypted. */
export type EncryptionConfig = Config["encryption"];
/** Who signs, and who is believed. */
export type SigningConfig = Config["signing"];
/** Cleaning rules switched off and added. */
export type CleanConfig = Config["clean"];
/** Quotas of one run. */
export type LimitsConfig = Config["limits"];
/** Which snapshots stay. */
export type RetentionConfig = Config["retention"];
/** What Prometheus can read. */
export type MetricsConfig = Config["metrics"];
/** Stage 2, of a command that runs it: which namespaces are adopted is said. */
export type GitOpsConfig = NonNullable<Config["gitops"]> & { readonly namespaces: readonly string[] };
/** One environment as it is written: whose snapshots, where Argo CD deploys them, and what is different there. */
export type EnvironmentConfig = GitOpsConfig["environments"][string];
/** When Argo CD may sync an environment, or may not. */
export type SyncWindowConfig = NonNullable<EnvironmentConfig["syncWindows"]>[number];
/** What a namespace does differently in an environment. */
export type OverrideConfig = GitOpsConfig["overrides"][string][string];
/** What stage 2 reads. */
export type SourceConfig = GitOpsConfig["source"];
/** What Git holds of Secrets. */
export type GitSecretsConfig = GitOpsConfig["secrets"];
/** What may look like a credential. */
export type ScanConfig = GitOpsConfig["scan"];
/** What is looked at before anything is written. */
export type ValidationConfig = GitOpsConfig["validation"];
/** The names the written Applications use. */
export type ArgoCdConfig = GitOpsConfig["argocd"];
/** How much a run may remove. */
export type MaxRemovalsConfig = GitOpsConfig["maxRemovals"];
/** Where the files go, and who opens the pull request. */
export type RepositoryConfig = GitOpsConfig["repository"];
/** Out of a snapshot: where to, and how. */
export type RecoveryConfig = Config["recovery"];
/** How objects are brought back. */
export type RestoreConfig = RecoveryConfig["restore"];
/** What stage 1 does so that stage 2 follows. */
export type AnnounceConfig = Config["announce"];
/** Keys of the backup-complete call. */
export type WebhookConfig = Config["webhook"];
/** Who is told of what. */
export type NotificationsConfig = Config["notifications"];
/** Where spans go. */
export type TracingConfig = Config["tracing"];
/** The receiver of backup-complete calls. */
export type ServeConfig = GitOpsConfig["serve"];
/** What is logged. */
export type LogConfig = Config["log"];
/** Tries at the store; `delayMs` in milliseconds. */
export type RetryConfig = Config["retry"];
