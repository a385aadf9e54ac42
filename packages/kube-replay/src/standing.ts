import { type ResourceType, typeName } from "@kubeferry/model";
import { type CaptureScope, isSecrets, type ScopeLists, type TypeEntry } from "@kubeferry/snapshot";
import { type ReplayCatalogue, takenAs } from "./catalogue.ts";
import { ReplayError } from "./replay-error.ts";

/** How far a type's objects in the snapshot may be believed. */
export type Standing =
  /** To be shown; with what has to be said of them. */
  | { readonly state: "served"; readonly warnings: readonly string[] }
  /** The type could not be read, and there is nothing of an earlier time either. */
  | { readonly state: "unread"; readonly problem: string }
  /** Not captured on purpose. */
  | { readonly state: "left-out" };

/**
 * An empty list says that there was nothing. So a type that was not read, or not captured, never gets one: what an
 * earlier snapshot had of it is shown with a warning, and without that the request is refused.
 * @param entry undefined for a type that discovery names and the manifest does not
 */
export function standingOf(catalogue: ReplayCatalogue, entry: TypeEntry | undefined): Standing {
  if (entry === undefined) return { state: "left-out" };
  const { captured, objects } = entry;
  const name = typeName(entry);
  switch (captured.status) {
    case "read":
      return {
        state: "served",
        warnings: [...scopeWarnings(name, captured.scope), ...withheldWarnings(catalogue, entry)],
      };
    case "unread": {
      const since = `unread since snapshot ${captured.sinceSequence} (${captured.since}): ${captured.reason}`;
      if (objects === 0) return { state: "unread", problem: `${name}: ${since}` };
      return { state: "served", warnings: [`${name}: ${since}; shown as they were before that`] };
    }
    case "filtered": {
      if (objects === 0) return { state: "left-out" };
      const since = `left out since snapshot ${captured.sinceSequence} (${captured.since}): ${captured.reason}`;
      return { state: "served", warnings: [`${name}: ${since}; shown as they were before that`] };
    }
    default:
      return captured satisfies never;
  }
}

/** The refusal for a type that is not in the snapshot on purpose. */
export function leftOut(catalogue: ReplayCatalogue, type: ResourceType): ReplayError {
  const name = typeName(type);
  const reason = catalogue.snapshot.manifest.skipped.find(({ resource }) => resource === name)?.reason;
  const why = reason === undefined ? "" : ` (${reason})`;
  return new ReplayError("forbidden", `${name} are not in ${takenAs(catalogue)}: the type was left out of it${why}`);
}

/** Nothing is known of a name that is not among what was seen before a type became unread. */
export function isCertain(entry: TypeEntry): boolean {
  return entry.captured.status === "read";
}

function scopeWarnings(name: string, scope: CaptureScope | undefined): string[] {
  if (scope === undefined) return [];
  const { namespaces, names, labelSelector, annotationSelector } = scope;
  const limits = [
    ...listed("namespaces", namespaces),
    ...listed("names", names),
    ...(labelSelector === undefined ? [] : [`labels ${labelSelector}`]),
    ...(annotationSelector === undefined ? [] : [`annotations ${annotationSelector}`]),
  ];
  return [`${name}: only a part was captured: ${limits.join("; ")}`];
}

function listed(what: string, lists: ScopeLists | undefined): string[] {
  if (lists === undefined) return [];
  const include = lists.include.length === 0 ? [] : [`${what} ${lists.include.join(", ")}`];
  const exclude = lists.exclude.length === 0 ? [] : [`not ${what} ${lists.exclude.join(", ")}`];
  return [...include, ...exclude];
}

function withheldWarnings({ snapshot }: ReplayCatalogue, entry: TypeEntry): string[] {
  if (snapshot.manifest.secrets !== "withhold" || !isSecrets(entry) || entry.objects === 0) return [];
  return [`${typeName(entry)}: the values are not in this snapshot`];
}
