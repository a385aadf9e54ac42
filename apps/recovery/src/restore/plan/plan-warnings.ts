import { apiVersionOf, typeName } from "@kubeferry/model";
import type { SnapshotManifest, TypeEntry } from "@kubeferry/snapshot";
import type { Selection } from "../../select/selection.ts";
import { neverRestored } from "../desired/cluster-made.ts";
import type { Obstacle, PlanEntry } from "../restore-plan.ts";

/** What warnings are drawn from. */
export interface PlannedFacts {
  readonly manifest: Pick<SnapshotManifest, "types" | "skipped" | "complete" | "secrets">;
  readonly selection: Pick<Selection, "takesType" | "idle">;
  readonly entries: readonly PlanEntry[];
}

/** What a person should read before anything is written, the worst first. Pure; the same plan gives the same sentences. */
export function planWarnings(facts: PlannedFacts): readonly string[] {
  const { entries, selection, manifest } = facts;
  return [
    ...secretWarnings(entries, manifest.secrets),
    ...claimWarnings(entries),
    ...typeWarnings(entries),
    ...obstacleWarnings(entries),
    ...manifest.types
      .filter((type) => neverRestored(type) === undefined && selection.takesType(type))
      .flatMap(ageWarning),
    ...selection.idle(),
  ];
}

function secretWarnings(entries: readonly PlanEntry[], mode: SnapshotManifest["secrets"]): string[] {
  const withheld = counted(entries, "withheld");
  const sealed = counted(entries, "sealed");
  return [
    ...(mode === "omit" ? ["Secrets were not captured (backup.secrets: omit): what needs one will not start"] : []),
    ...(withheld === 0
      ? []
      : [`${things(withheld, "Secret")} cannot be brought back: value not in this backup (backup.secrets: withhold)`]),
    ...(sealed === 0 ? [] : [`${things(sealed, "object")} cannot be opened: set encryption.identities`]),
  ];
}

function claimWarnings(entries: readonly PlanEntry[]): string[] {
  const empty = entries.filter(
    ({ object, action, volumeName }) =>
      typeName(object) === "persistentvolumeclaims" && action === "create" && volumeName === undefined,
  );
  if (empty.length === 0) return [];
  return [`${things(empty.length, "claim")} will be empty: PVC data is not in the backup`];
}

/** Types that the target does not have, each once. */
function typeWarnings(entries: readonly PlanEntry[]): string[] {
  const missing = new Map<string, number>();
  for (const { obstacle, object } of entries) {
    if (obstacle !== "no-type") continue;
    const name = `${typeName(object)} (${apiVersionOf(object)})`;
    missing.set(name, (missing.get(name) ?? 0) + 1);
  }
  return [...missing]
    .sort()
    .map(([name, number]) => `the target does not serve ${name}: ${things(number, "object")} blocked`);
}

const OBSTACLES: readonly (readonly [Obstacle, string])[] = [
  ["argo-managed", "blocked because Argo CD manages them and would write them back"],
  ["terminating", "blocked because they, or their namespace, are being removed"],
  ["refused", "refused by the API server or its admission"],
  ["forbidden", "blocked because this user may not read or write them"],
  ["volume", "blocked because two clusters would own the volume"],
  ["conflict", "there and different: with conflicts: fail nothing is applied as long as there is one"],
];

function obstacleWarnings(entries: readonly PlanEntry[]): string[] {
  return OBSTACLES.flatMap(([obstacle, text]) => {
    const number = counted(entries, obstacle);
    return number === 0 ? [] : [`${things(number, "object")} ${text}`];
  });
}

function ageWarning(type: TypeEntry): string[] {
  const { captured } = type;
  if (captured.status === "read") return [];
  const what = captured.status === "unread" ? "could not be read" : "was filtered out";
  const kept = type.objects === 0 ? "nothing of it is in the snapshot" : `what is there is of ${captured.since}`;
  return [`${typeName(type)} ${what} when the snapshot was taken: ${kept}`];
}

function counted(entries: readonly PlanEntry[], obstacle: Obstacle): number {
  return entries.filter((entry) => entry.obstacle === obstacle).length;
}

function things(number: number, noun: string): string {
  return `${number} ${number === 1 ? noun : `${noun}s`}`;
}
