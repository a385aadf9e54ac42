import { type Call, type JsonObject, objectsAt, textAt, typeName } from "@kubeferry/model";
import type { Snapshot, SnapshotObject, TypeEntry } from "@kubeferry/snapshot";
import { RecoveryError } from "../../recovery-error.ts";
import type { Selection } from "../../select/selection.ts";
import type { Desired, WantedObject } from "../desired/desired-object.ts";
import { claimRefOf } from "../desired/volumes.ts";
import type { LeftOut } from "../restore-plan.ts";
import { waveOf } from "../wave-of.ts";
import { type BroughtType, type Candidate, capturedId, isDefinitions, isNamespaces, plannedId } from "./candidate.ts";

/** What a snapshot holds of what is meant. */
export interface Survey {
  readonly asked: readonly Candidate[];
  /** Namespaces and definitions that were not asked for; whether one is needed is said by the target. */
  readonly spare: readonly Candidate[];
  readonly leftOut: readonly LeftOut[];
}

/** What a survey goes by. */
export interface SurveyOptions {
  readonly selection: Selection;
  readonly desired: (captured: SnapshotObject) => Desired;
}

/**
 * Reads the objects of a snapshot once, one at a time, and keeps their names and relations.
 * @throws RecoveryError "config" when two objects would have one name in the target
 */
export async function surveySnapshot(snapshot: Snapshot, options: SurveyOptions, call: Call): Promise<Survey> {
  const asked: Candidate[] = [];
  const spare: Candidate[] = [];
  const leftOut: LeftOut[] = [];
  const matters = (type: TypeEntry) => options.selection.takesType(type) || isNamespaces(type) || isDefinitions(type);
  for await (const captured of snapshot.objects(matters, call)) {
    call.signal.throwIfAborted();
    const chosen = isChosen(captured, options.selection);
    if (!chosen && !isNamespaces(captured.type) && !isDefinitions(captured.type)) continue;
    const desired = options.desired(captured);
    if (desired.verdict === "left-out") {
      if (chosen) leftOut.push({ object: capturedId(captured), reason: desired.reason });
    } else if (chosen) asked.push(candidateOf(captured, desired, "asked"));
    else spare.push(candidateOf(captured, desired, "needed"));
  }
  return { ...withoutMerged(asked, leftOut), spare };
}

function isChosen(captured: SnapshotObject, selection: Selection): boolean {
  const { type, key } = captured;
  return captured.readable ? selection.takes(type, key, captured.line) : selection.takesKey(type, key);
}

type Kept = Exclude<Desired, { readonly verdict: "left-out" }>;

function candidateOf(captured: SnapshotObject, desired: Kept, chosen: Candidate["chosen"]): Candidate {
  const { type, key } = captured;
  const { planned, uid } = desired;
  const common = { type, key, planned, chosen, ...(uid === undefined ? {} : { uid }), wave: waveOf(type) };
  if (desired.verdict === "blocked") {
    const { obstacle, reason } = desired;
    return { ...common, owners: [], blocked: { obstacle, reason } };
  }
  return { ...common, owners: desired.owners, ...relationsOf(type, desired) };
}

function relationsOf(type: TypeEntry, wanted: WantedObject): Pick<Candidate, "capturedVolume" | "claimRef" | "brings"> {
  if (isDefinitions(type)) return { brings: broughtBy(wanted.object) };
  const { capturedVolume } = wanted;
  const claimRef = typeName(type) === "persistentvolumes" ? claimRefOf(wanted.object) : undefined;
  return {
    ...(capturedVolume === undefined ? {} : { capturedVolume }),
    ...(claimRef === undefined ? {} : { claimRef }),
  };
}

function broughtBy(definition: JsonObject): BroughtType {
  const served = objectsAt(definition, "spec", "versions").filter((version) => version.served === true);
  return {
    group: textAt(definition, "spec", "group") ?? "",
    resource: textAt(definition, "spec", "names", "plural") ?? "",
    versions: served.flatMap((version) => textAt(version, "name") ?? []),
  };
}

/** Namespaces that become one are one; of other objects with one name in the target, one would be lost. */
function withoutMerged(asked: readonly Candidate[], leftOut: readonly LeftOut[]): Pick<Survey, "asked" | "leftOut"> {
  const taken = new Map<string, Candidate>();
  const merged: LeftOut[] = [];
  for (const candidate of asked) {
    const id = plannedId(candidate.planned);
    const other = taken.get(id);
    if (other === undefined) taken.set(id, candidate);
    else if (!isNamespaces(candidate.type)) throw collision(id, other, candidate);
    else {
      merged.push({
        object: capturedId(candidate),
        reason: `its objects go into namespace ${candidate.planned.name}, which is ${other.key} here`,
      });
    }
  }
  return { asked: [...taken.values()], leftOut: [...leftOut, ...merged] };
}

function collision(id: string, one: Candidate, other: Candidate): RecoveryError {
  return new RecoveryError({
    kind: "config",
    who: "restore",
    operation: "map namespaces",
    problem: `${capturedId(one)} and ${capturedId(other)} would both become ${id}`,
    next: "give one of the namespaces another name, or leave one out",
  });
}
