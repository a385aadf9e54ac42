import { type ClusterRef, type Config, retentionPolicyOf } from "@kubeferry/shared-config";
import { limitsSnapshots } from "@kubeferry/snapshot";
import type { ClusterArguments } from "../commands/options.ts";
import { loadConfiguration } from "../compose/load-configuration.ts";
import { configOfOne } from "../compose/pick-clusters.ts";
import { ExitCode } from "../exit-code.ts";
import { note, printJson } from "../present/print.ts";
import { reportProblem } from "../present/problem.ts";
import { PolicyError } from "./policy-error.ts";
import { type S3Scope, s3Keys } from "./s3-keys.ts";
import { type PolicyPurpose, type S3Needs, s3PolicyFor } from "./s3-policy.ts";

/** What `kubeferry policy s3` is asked. */
export interface S3PolicyArguments extends ClusterArguments {
  readonly for: PolicyPurpose;
  readonly domain: string | undefined;
}

/** Prints the policy document of a store's key. Nothing is asked of the store. @returns 0, or 2 */
export async function printS3Policy(args: S3PolicyArguments): Promise<number> {
  try {
    const { config, scope } = chosen(await loadConfiguration(args), args);
    const { store, layout } = config;
    if (store.type !== "s3") throw without(`store.type is ${store.type}`, "give the folder to the user it runs as");
    if (store.provider === "gcs") {
      const next = "bind a role to the account of the key, with a condition on resource.name";
      throw without("Google Cloud Storage takes no such documents", next);
    }
    const keys = s3Keys({ bucket: store.bucket, prefix: store.prefix, layout }, scope);
    const policy = s3PolicyFor(needsOf(args.for, config), keys);
    const notes = notesOn(config);
    printJson(args.output === "json" ? { for: args.for, ...scope, policy, notes } : policy);
    if (args.output === "text") for (const each of notes) note(each);
    return ExitCode.done;
  } catch (error) {
    return reportProblem(error, undefined);
  }
}

interface Chosen {
  readonly config: Config;
  readonly scope: S3Scope;
}

type Loaded = Awaited<ReturnType<typeof loadConfiguration>>;

function chosen(loaded: Loaded, { for: purpose, cluster, domain }: S3PolicyArguments): Chosen {
  if (domain !== undefined && cluster.length > 0) {
    throw without("--cluster and --domain were both given", "give one of them");
  }
  if (domain !== undefined) return { config: loaded.config, scope: { domain } };
  const picked =
    cluster.length === 0
      ? loaded.clusters.map((config) => ({ config, ref: refOf(undefined, config) }))
      : cluster.map((name) => {
          const config = configOfOne(loaded, name);
          return { config, ref: refOf(name, config) };
        });
  // A document for several holds the same rights for each.
  const shapes = new Set(picked.map(({ config }) => shapeOf(purpose, config)));
  if (shapes.size > 1) {
    const problem = "these clusters have stores or needs of their own";
    throw without(problem, "print a policy for each: --cluster <domain>/<name>");
  }
  return { config: picked[0]?.config ?? loaded.config, scope: { clusters: picked.map(({ ref }) => ref) } };
}

/** A policy is there before the first run: what is not written cannot be looked up. */
function refOf(wanted: string | undefined, { cluster }: Config): ClusterRef {
  const [last, ...before] = (wanted ?? cluster.name ?? "").split("/").toReversed();
  const domain = before[0] ?? cluster.domain;
  if (last !== undefined && last !== "" && domain !== undefined && before.length <= 1) return { domain, name: last };
  const next = "write --cluster <domain>/<name>, or cluster.domain and cluster.name";
  throw without("domain and name of the cluster are not known", next);
}

function shapeOf(purpose: PolicyPurpose, config: Config): string {
  const { store, layout } = config;
  const place = store.type === "s3" ? [store.endpoint, store.bucket, store.prefix] : [store.path];
  return JSON.stringify([place, layout, needsOf(purpose, config)]);
}

function needsOf(purpose: PolicyPurpose, config: Config): S3Needs {
  const { enabled, format } = config.backup.mirror;
  const prunes = config.retention.run === "after-backup" && limitsSnapshots(retentionPolicyOf(config));
  return { purpose, mirror: { enabled, format }, prunes, notifies: config.notifications.enabled };
}

function notesOn({ store }: Config): string[] {
  if (store.type !== "s3") return [];
  const isAws = /\.amazonaws\.com(\.cn)?$/.test(new URL(store.endpoint).hostname);
  const notes = [
    isAws &&
      "AWS answers 403 for a missing key where the bucket may not be listed whole: see StringLikeIfExists in docs/stores.md",
    store.autoCreateBucket &&
      "store.autoCreateBucket is true, and this policy does not allow it: make the bucket first",
    store.encryption?.type === "sse-kms" && "store.encryption is sse-kms: allow the use of its key, too",
  ];
  return notes.filter((each) => each !== false);
}

function without(problem: string, next: string): PolicyError {
  return new PolicyError({ kind: "no-policy", who: "policy", operation: "write a policy of the store", problem, next });
}
