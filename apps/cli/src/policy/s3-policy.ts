import type { Config } from "@kubeferry/shared-config";
import type { S3Keys } from "./s3-keys.ts";

/** What a key of the store is for. */
export type PolicyPurpose = "backup" | "gitops" | "restore" | "prune";
export const POLICY_PURPOSES = ["backup", "gitops", "restore", "prune"] as const satisfies readonly PolicyPurpose[];

/** A policy document as AWS and MinIO take it. */
export interface S3Policy {
  readonly Version: "2012-10-17";
  readonly Statement: readonly S3Statement[];
}

/** Everything is refused that none allows. */
interface S3Statement {
  readonly Sid: string;
  readonly Effect: "Allow" | "Deny";
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: { readonly StringLike: { readonly "s3:prefix": readonly string[] } };
}

/** What decides which rights a key needs beside its keys. */
export interface S3Needs {
  readonly purpose: PolicyPurpose;
  readonly mirror: Pick<Config["backup"]["mirror"], "enabled" | "format">;
  /** True when a backup removes old snapshots at its end. */
  readonly prunes: boolean;
  /** True when people are told of runs: what they were told is kept in the store. */
  readonly notifies: boolean;
}

/**
 * The least rights of a key: what a run of this configuration asks of the store, on the keys it asks it for, and
 * nothing else. Uploads are single requests, so that none is needed for uploads in parts.
 */
export function s3PolicyFor(needs: S3Needs, keys: S3Keys): S3Policy {
  return { Version: "2012-10-17", Statement: [list(needs, keys), ...STATEMENTS[needs.purpose](needs, keys)] };
}

/** Without the condition a key could list what others keep in the bucket. */
function list({ purpose, mirror }: S3Needs, { bucket, prefixes }: S3Keys): S3Statement {
  const below = purpose === "backup" && mirror.enabled ? "*" : "_snapshots/*";
  return {
    Sid: "ListOwnKeys",
    Effect: "Allow",
    Action: ["s3:ListBucket"],
    Resource: [bucket],
    Condition: { StringLike: { "s3:prefix": prefixes(below) } },
  };
}

const STATEMENTS: Readonly<Record<PolicyPurpose, (needs: S3Needs, keys: S3Keys) => S3Statement[]>> = {
  backup: (needs, keys) => [
    allow("ReadAndWrite", ["s3:GetObject", "s3:PutObject"], keys.resources("*")),
    ...(needs.mirror.enabled ? mirrorRemovals(needs, keys) : []),
    ...(needs.prunes ? snapshotRemovals(keys) : []),
  ],
  gitops: ({ notifies }, keys) => [
    readSnapshots(keys),
    ...(notifies ? [rememberNews([keys.newsOfRepositories, ...newsOfClusters(keys)])] : []),
  ],
  restore: ({ notifies }, keys) => [readSnapshots(keys), ...(notifies ? [rememberNews(newsOfClusters(keys))] : [])],
  prune: ({ notifies }, keys) => [
    readSnapshots(keys),
    // The snapshot that the mirror shows stays.
    allow("ReadMirrorMarker", ["s3:GetObject"], keys.resources("_mirror.json")),
    allow("TakeTurns", ["s3:GetObject", "s3:PutObject"], keys.resources("_lease.json")),
    ...snapshotRemovals(keys),
    ...(notifies ? [rememberNews(newsOfClusters(keys))] : []),
  ],
};

function readSnapshots(keys: S3Keys): S3Statement {
  return allow("ReadSnapshots", ["s3:GetObject"], keys.resources("_snapshots/*"));
}

/** Without it each run of a CronJob tells the same bad news again, and no row of failures is counted. */
function rememberNews(files: readonly string[]): S3Statement {
  return allow("RememberWhatWasTold", ["s3:GetObject", "s3:PutObject"], files);
}

/** What was told of backups, of drift, of drills and of pruning. */
function newsOfClusters(keys: S3Keys): readonly string[] {
  return keys.resources("_notifications.json");
}

/** A mirror file goes with its object. Snapshots and the mirror's own marker end in .json too: with that format they are excepted. */
function mirrorRemovals({ mirror: { format }, prunes }: S3Needs, keys: S3Keys): S3Statement[] {
  const removal = allow("RemoveMirrorFiles", ["s3:DeleteObject"], keys.mirrorFiles(format));
  if (format === "yaml") return [removal];
  const excepted = ["_lease.json", "_mirror.json", "_notifications.json", ...(prunes ? [] : ["_snapshots/*"])];
  const kept = {
    ...allow("KeepTheRest", ["s3:DeleteObject"], excepted.flatMap(keys.resources)),
    Effect: "Deny",
  } as const;
  return [removal, kept];
}

/** A lock is read before a removal: a bucket that keeps versions takes a removal of what is locked, and hides it. */
function snapshotRemovals(keys: S3Keys): S3Statement[] {
  const actions = ["s3:DeleteObject", "s3:GetObjectRetention", "s3:GetObjectLegalHold"];
  return [allow("RemoveSnapshots", actions, keys.resources("_snapshots/*"))];
}

function allow(Sid: string, Action: readonly string[], Resource: readonly string[]): S3Statement {
  return { Sid, Effect: "Allow", Action, Resource };
}
