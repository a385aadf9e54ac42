import { type Call, clusterPath, typeName } from "@kubeferry/model";
import { type Snapshot, SnapshotError } from "@kubeferry/snapshot";
import type { RolledBack } from "../folders/ownership.ts";
import { GitOpsError } from "../gitops-error.ts";
import { provenAbsent } from "./absence.ts";
import { landsAlike } from "./lands-alike.ts";
import { readObject } from "./read-object.ts";
import { snapshotContent } from "./snapshot-content.ts";
import type { Source } from "./source.ts";

/** A snapshot, and how it was found. */
export interface FoundSnapshot {
  readonly snapshot: Snapshot;
  /** The cluster's root in the store: "crc.testing/wrl62/". */
  readonly root: string;
  /** The time that was asked for, or that of the one that was chosen; undefined for the newest. */
  readonly at: string | undefined;
  /** The one of another number in its series. @throws SnapshotError "not-found", "damaged" */
  readonly other: (sequence: number, call: Call) => Promise<Snapshot>;
  /** Of one that was chosen although there is a newer one. */
  readonly rolledBack?: RolledBack;
}

/** A snapshot as what stage 2 reads: every segment is held against its digest as it is read. */
export function snapshotSource({ snapshot, root, at, other, rolledBack }: FoundSnapshot): Source {
  const { manifest } = snapshot;
  const { domain, name, uid } = manifest.cluster;
  const cluster = clusterPath(manifest.cluster);
  const id = at === undefined ? cluster : `${cluster}@${at}`;
  return {
    id,
    cluster: { domain, name, uid },
    origin: { cluster, uid, series: manifest.series, ...(rolledBack === undefined ? {} : { rolledBack }) },
    sequence: manifest.sequence,
    snapshotKey: `${root}${snapshot.key}`,
    takenAt: manifest.finishedAt,
    trace: manifest.trace,
    at,
    gaps: manifest.complete ? [] : gapsOf(snapshot),
    warnings: missingTypes(snapshot).map((text) => `${id}: ${text}`),
    unusable: [],
    content: snapshotContent(manifest),
    landsAs: async ({ sequence, content }, cleaner, call) => {
      const older = await other(sequence, call);
      return snapshotContent(older.manifest) === content && (await landsAlike(older, snapshot, cleaner, call));
    },
    hasSecretValues: manifest.secrets === "plain" || manifest.secrets === "encrypt",
    listsSecrets: manifest.types.some((type) => typeName(type) === "secrets" && type.captured.status === "read"),
    async *objects(select, call, onBroken = () => undefined) {
      try {
        for await (const each of snapshot.objects(select, call)) {
          const object = readObject(id, each, onBroken);
          if (object !== undefined) yield object;
        }
      } catch (error) {
        throw namedDamage(id, error);
      }
    },
    absent: (refs, call) => namingDamage(id, () => provenAbsent(snapshot, refs, call)),
    api: (call) => namingDamage(id, () => snapshot.api(call)),
  };
}

/** Runs a step that reads a snapshot, and says "damaged" in this app's own error when its bytes are not right. */
export async function namingDamage<Result>(source: string, step: () => Promise<Result>): Promise<Result> {
  try {
    return await step();
  } catch (error) {
    throw namedDamage(source, error);
  }
}

function namedDamage(source: string, error: unknown): unknown {
  return error instanceof SnapshotError && error.kind === "damaged" ? damaged(source, error) : error;
}

function damaged(source: string, cause: SnapshotError): GitOpsError {
  return new GitOpsError({
    kind: "damaged",
    who: "gitops",
    operation: `read the newest snapshot of ${source}`,
    problem: cause.message,
    // A backup sees that bytes are missing or cut short; it does not read again what nothing moved in.
    next: "nothing was written to Git; move what is named here out of the store, if it is there, and run kubeferry backup, which writes it anew",
    cause,
  });
}

/** Types that people may miss in Git; those that no backup takes unless told to (events, leases) are none. */
function missingTypes({ manifest }: Snapshot): readonly string[] {
  return manifest.types.flatMap(({ captured, ...type }) => {
    if (captured.status === "read" || captured.reason.startsWith("skipped_by_default")) return [];
    return [`${typeName(type)} was ${captured.status} (${captured.reason})`];
  });
}

/** What keeps a snapshot from being complete; gaps that are accepted do not. */
function gapsOf({ manifest }: Snapshot): readonly string[] {
  const unread = manifest.types.flatMap((type) => {
    const { captured } = type;
    if (captured.status !== "unread" || captured.accepted === true) return [];
    return [`${typeName(type)} was unread (${captured.reason})`];
  });
  const failed = manifest.failures.map(({ target, kind }) => `${target} failed (${kind})`);
  const gaps = [...unread, ...failed];
  return gaps.length === 0 ? ["its manifest says that it is not complete"] : gaps;
}
