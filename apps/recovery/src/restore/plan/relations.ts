import { objectKey } from "@kubeferry/model";
import type { BroughtType, Candidate } from "./candidate.ts";
import { isNamespaces } from "./candidate.ts";

/** How the objects of a plan belong together. */
export interface Relations {
  /** The candidate that had this uid in the captured cluster. */
  readonly byUid: ReadonlyMap<string, Candidate>;
  /** How many owners stand above it within the plan, at most; what owns itself in a circle counts once. */
  depthOf(candidate: Candidate): number;
  /** What the definition of a type brings, where the plan holds one that is written. */
  broughtType(group: string, resource: string): BroughtType | undefined;
  /** Groups that definitions of the plan bring. */
  readonly groups: ReadonlySet<string>;
  /** True when the plan brings this namespace. */
  bringsNamespace(name: string): boolean;
  /** The claim that a volume of the plan is kept for, as "namespace/name"; undefined when the plan has no such volume. */
  claimOf(volume: string): string | undefined;
}

/** Finds the relations of candidates; pure. */
export function relate(candidates: readonly Candidate[]): Relations {
  const written = candidates.filter(({ blocked }) => blocked === undefined);
  const byUid = new Map(written.flatMap((one): [string, Candidate][] => (one.uid === undefined ? [] : [[one.uid, one]])));
  const types = new Map(
    written.flatMap(({ brings }): [string, BroughtType][] =>
      brings === undefined ? [] : [[`${brings.group}/${brings.resource}`, brings]],
    ),
  );
  const namespaces = new Set(written.filter(({ type }) => isNamespaces(type)).map(({ planned }) => planned.name));
  const claims = new Map(
    written.flatMap(({ planned, claimRef }): [string, string][] =>
      claimRef === undefined ? [] : [[planned.name, objectKey(claimRef.namespace, claimRef.name)]],
    ),
  );
  const depths = new Map<Candidate, number>();
  function depthOf(candidate: Candidate): number {
    const known = depths.get(candidate);
    if (known !== undefined) return known;
    depths.set(candidate, 0);
    const above = candidate.owners.flatMap(({ uid }) => byUid.get(uid) ?? []);
    const depth = Math.max(0, ...above.map((owner) => depthOf(owner) + 1));
    depths.set(candidate, depth);
    return depth;
  }
  return {
    byUid,
    depthOf,
    broughtType: (group, resource) => types.get(`${group}/${resource}`),
    groups: new Set([...types.values()].map(({ group }) => group)),
    bringsNamespace: (name) => namespaces.has(name),
    claimOf: (volume) => claims.get(volume),
  };
}
