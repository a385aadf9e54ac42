import { objectKey } from "@kubeferry/model";
import type { Wave } from "../wave.ts";
import { laterWave } from "../wave-of.ts";
import type { BroughtType, Candidate } from "./candidate.ts";
import { isNamespaces } from "./candidate.ts";

/** How the objects of a plan belong together. */
export interface Relations {
  /** The candidate that had this uid in the captured cluster. */
  readonly byUid: ReadonlyMap<string, Candidate>;
  /** How many owners stand above it within the plan, at most; what owns itself in a circle counts once. */
  depthOf(candidate: Candidate): number;
  /** Its own wave, or that of an owner where it is later. */
  waveOf(candidate: Candidate): Wave;
  /** What the definition of a type brings, where the plan holds one that is written. */
  broughtType(group: string, resource: string): BroughtType | undefined;
  /** Groups that definitions of the plan bring. */
  readonly groups: ReadonlySet<string>;
  /** True when the plan brings this namespace. */
  bringsNamespace(name: string): boolean;
  /** The claim that a volume of the plan is kept for, as "namespace/name"; undefined when the plan has no such volume. */
  claimOf(volume: string): string | undefined;
}

interface Place {
  readonly depth: number;
  readonly wave: Wave;
}

/** Finds the relations of candidates; pure. */
export function relate(candidates: readonly Candidate[]): Relations {
  const written = candidates.filter(({ blocked }) => blocked === undefined);
  const byUid = new Map(
    written.flatMap((one): [string, Candidate][] => (one.uid === undefined ? [] : [[one.uid, one]])),
  );
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
  const places = new Map<Candidate, Place>();
  function placeOf(candidate: Candidate): Place {
    const known = places.get(candidate);
    if (known !== undefined) return known;
    const own: Place = { depth: 0, wave: candidate.wave };
    places.set(candidate, own);
    const above = candidate.owners.flatMap(({ uid }) => byUid.get(uid) ?? []).map(placeOf);
    const place = above.reduce(
      (lowest, owner) => ({
        depth: Math.max(lowest.depth, owner.depth + 1),
        wave: laterWave(lowest.wave, owner.wave),
      }),
      own,
    );
    places.set(candidate, place);
    return place;
  }
  return {
    byUid,
    depthOf: (candidate) => placeOf(candidate).depth,
    waveOf: (candidate) => placeOf(candidate).wave,
    broughtType: (group, resource) => types.get(`${group}/${resource}`),
    groups: new Set([...types.values()].map(({ group }) => group)),
    bringsNamespace: (name) => namespaces.has(name),
    claimOf: (volume) => claims.get(volume),
  };
}
