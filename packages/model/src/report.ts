import type { OverlayVerification } from "./overlay-verification.ts";
import type { ValidationSummary } from "./validation.ts";

/** One thing that went wrong and did not end the run. */
export interface Failure {
  /** What it was about: "secrets", "widgets.example.com/shop/blue", "mirror shop/deployments/web.yaml". */
  readonly target: string;
  readonly kind: string;
  readonly message: string;
}

/** A type that was left out on purpose. */
export interface SkippedType {
  readonly resource: string;
  readonly reason: string;
  /** Objects left out, where they were counted; null where the type was not listed at all. */
  readonly count: number | null;
}

/** A type that could not be read; what the parent snapshot had of it is named again. */
export interface UnreadType {
  readonly resource: string;
  readonly reason: string;
  /** Sequence of the first snapshot in a row that could not read it. */
  readonly sinceSequence: number;
  /** Objects carried over from the parent. */
  readonly carried: number;
  /** True for a known gap (`backup.acceptUnread`): the snapshot counts as complete all the same. */
  readonly accepted: boolean;
}

/** Which moments the lists of a snapshot stand for. */
export interface Consistency {
  /** "type": each list of one revision. "cut": all lists of the same one. */
  readonly asked: "type" | "cut";
  /** The revision of the cut; null where none was asked for, or none could be read. */
  readonly revision: string | null;
  /** True when every list is as it was asked for. */
  readonly held: boolean;
  /** Types whose lists are not, in order of their names. */
  readonly exceptions: readonly { readonly resource: string; readonly reason: string }[];
}

/** What retention removed from the store. */
export interface PruneSummary {
  readonly snapshots: number;
  /** Segments, states and API documents that no snapshot names any more. */
  readonly blobs: number;
  readonly bytes: number;
  /** What the store protects (object lock), and until when: RFC 3339, UTC; null for a legal hold. */
  readonly later: readonly { readonly key: string; readonly until: string | null }[];
}

/** How stage 2 was told of a snapshot. */
export interface Announcement {
  readonly via: "webhook" | "job";
  /** "told"; "waiting": a Job made before has not begun yet, and will find the snapshot; "failed": `error` says why. */
  readonly outcome: "told" | "waiting" | "failed";
  /** The receiver's URL, or the Job as "namespace/name"; "" where there is none. */
  readonly target: string;
  readonly error?: string;
}

/** How secrets were treated in a snapshot. */
export type SecretsMode = "encrypt" | "withhold" | "omit" | "plain";

/** How a run of a stage ended. */
export type RunStatus = "complete" | "partial" | "failed" | "interrupted";

/** What a run of stage 1 did. */
export interface BackupReport {
  readonly stage: "backup";
  /** "interrupted": told to stop; a snapshot that is named stands, and the next run does what this one left. */
  readonly status: RunStatus;
  /** Key of the manifest, "" when none was committed. */
  readonly snapshot: string;
  readonly sequence: number;
  readonly cluster: string;
  readonly series: string;
  readonly runId: string;
  readonly secrets: SecretsMode;
  readonly consistency: Consistency;
  readonly objects: number;
  readonly changed: number;
  readonly removed: number;
  /** Namespaces of which at least one object was read. */
  readonly namespaces: number;
  /** Claims in the snapshot whose data is not in the backup: volumes are never read. */
  readonly volumes: { readonly dataNotIncluded: number };
  readonly skipped: readonly SkippedType[];
  readonly unread: readonly UnreadType[];
  readonly failures: readonly Failure[];
  /** No failures, and worth a look: entries of the filter that fit nothing. */
  readonly warnings: readonly string[];
  /** Objects, not Secrets, that look like they hold a credential; `found` names those that this run wrote. Never a value. */
  readonly findings: {
    readonly objects: number;
    readonly found: readonly { readonly object: string; readonly kind: string }[];
  };
  readonly segments: { readonly written: number; readonly reused: number };
  readonly mirror: {
    readonly put: number;
    readonly deleted: number;
    /** Objects of the snapshot that are larger than the mirror takes; `sizeBytes` of their JSON. */
    readonly tooLarge: readonly { readonly object: string; readonly sizeBytes: number }[];
  };
  /** Null where retention did not run: nothing is configured to go, the snapshot is partial, or prune is run by hand. */
  readonly pruned: PruneSummary | null;
  /** Null where nobody is to be told, or nothing was committed. */
  readonly announced: Announcement | null;
  readonly durationMs: number;
  readonly peakRssBytes: number;
}

/** A folder whose files people changed: nothing in it is written until their edit is gone or equals ours. */
export interface FrozenFolder {
  readonly folder: string;
  readonly files: readonly string[];
}

/** An object that is in the snapshot and, for a reason, not in Git. */
export interface BlockedObject {
  readonly object: string;
  readonly reason: string;
}

/** How many objects are not in Git because others look after them: "Helm", "Argo CD Application billing", "finished Job". */
export interface LookedAfter {
  readonly by: string;
  readonly objects: number;
}

/** What became of the pull request. */
export type PullRequestOutcome = "created" | "updated" | "unchanged" | "closed" | "none" | "failed";

/** What a run of stage 2 did with its result; `gitops.mode`. */
export type PublishMode = "pull-request" | "push" | "directory" | "dry-run";

/** One of the requests of a run: there are several where it is split. */
export interface RequestReport {
  /** "shop", "prod", "_argocd"; absent where everything is in one request. */
  readonly part?: string;
  readonly branch: string;
  /** "" when no commit was needed. */
  readonly commit: string;
  /** "none": the branch alone, no host was asked. "failed": `error` says why, and the other requests stand. */
  readonly outcome: PullRequestOutcome;
  /** Null without a request. */
  readonly url: string | null;
  readonly number: number | null;
  /** Of the commit. */
  readonly files: { readonly written: number; readonly changed: number; readonly removed: number };
  readonly error?: string;
}

/** What a run of stage 2 did. */
export interface GitOpsReport {
  readonly stage: "gitops";
  /** "interrupted": told to stop; the requests that are named stand, and the next run makes the rest. */
  readonly status: RunStatus;
  readonly snapshot: string;
  readonly files: { readonly written: number; readonly changed: number; readonly removed: number };
  readonly frozen: readonly FrozenFolder[];
  readonly blocked: readonly BlockedObject[];
  /** Most objects first; absent where there are none. */
  readonly lookedAfter?: readonly LookedAfter[];
  /** What the checks of `gitops.validation` found; an object with an error is in `blocked` too. */
  readonly validation: ValidationSummary;
  /** What building the overlays showed; absent where `gitops.verify` did not ask for it, or the run ended before. */
  readonly verification?: OverlayVerification;
  /** No failures, and worth a look: types that were not read, keys of the configuration that fit nothing. */
  readonly warnings: readonly string[];
  /** What was done with the result; a dry run, however it was asked for, says so. */
  readonly mode: PublishMode;
  /** What the run waits for, where it ended for it and touched nothing: "crc.testing/wrl62: secrets was unread". */
  readonly waitsFor?: readonly string[];
  /** Commit id, "" when nothing was committed; of several requests that of the first that has one. */
  readonly commit: string;
  /** The branch that holds it, or would; "" in mode `directory`. */
  readonly branch: string;
  /** In mode `directory`, and only then: the folder that was written to. */
  readonly directory?: string;
  /** In a dry run, and only then: what would be written. `files` counts it, and there is no commit. */
  readonly proposed?: readonly ProposedFile[];
  /** The request, where there is one and no other; `requests` has all. */
  readonly pullRequest: { readonly url: string; readonly number: number; readonly outcome: PullRequestOutcome } | null;
  /** What was pushed and proposed, each part by itself. Empty in the modes `directory` and `dry-run`. */
  readonly requests: readonly RequestReport[];
}

/** A file that a dry run of stage 2 would write or remove. */
export interface ProposedFile {
  /** From the root of the repository. */
  readonly path: string;
  readonly change: "added" | "changed" | "removed";
}

/** What `kubeferry run` did; a stage that was not reached is null. */
export interface RunReport {
  readonly backup: BackupReport | null;
  readonly gitops: GitOpsReport | null;
}
