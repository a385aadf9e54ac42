import { KubeError, type KubeWriter, type WriteTarget } from "@kubeferry/kube";
import { type Call, type JsonObject, textAt } from "@kubeferry/model";
import { createOwnerLinks } from "../apply/linked-owners.ts";
import type { CapturedOwner } from "../desired/captured-owners.ts";
import { claimRefOf } from "../desired/volumes.ts";
import type { PlannedObject, PlannedOwner } from "../restore-plan.ts";
import type { Candidate } from "./candidate.ts";
import type { Relations } from "./relations.ts";
import type { TargetFacts } from "./target-facts.ts";

/** An object as the writer of a cluster is told of it. */
export function writeTarget({ namespace, name, ...type }: PlannedObject): WriteTarget {
  const namespaced = namespace !== undefined;
  return { type: { ...type, namespaced }, ...(namespace === undefined ? {} : { namespace }), name };
}

/** Which owners an object can be linked to, and which not. */
interface ResolvedOwners {
  readonly owners: readonly PlannedOwner[];
  /** "Widget blue", for people. */
  readonly missing: readonly string[];
}

/** What a plan looks up in the target beside the objects that it is about. */
export interface TargetLookups {
  /** Owners that are in the plan or in the target, by their names there. */
  ownersOf(candidate: Candidate, call: Call): Promise<ResolvedOwners>;
  /** The object with those of its owners that are there already: without them it would seem to lose its links. */
  withOwners(object: JsonObject, owners: readonly PlannedOwner[], call: Call): Promise<JsonObject>;
  /** The volume that a claim is bound to again, and what is to be said of that. */
  volumeOf(candidate: Candidate, call: Call): Promise<{ readonly volumeName?: string; readonly note?: string }>;
}

/** Makes them. What was looked up once is remembered by name. */
export function createLookups({
  writer,
  facts,
  relations,
}: {
  readonly writer: KubeWriter;
  readonly facts: TargetFacts;
  readonly relations: Relations;
}): TargetLookups {
  const links = createOwnerLinks(writer);
  const owners = new Map<string, Promise<PlannedObject | undefined>>();

  function ownerInTarget(
    owner: CapturedOwner,
    namespace: string | undefined,
    call: Call,
  ): Promise<PlannedObject | undefined> {
    const id = `${owner.group}/${owner.kind} ${namespace ?? ""}/${owner.name}`;
    const found = owners.get(id) ?? lookUp(owner, namespace, call);
    owners.set(id, found);
    return found;
  }

  async function lookUp(
    owner: CapturedOwner,
    namespace: string | undefined,
    call: Call,
  ): Promise<PlannedObject | undefined> {
    const type = facts.typeOf(owner.group, owner.kind);
    if (type === undefined || (type.namespaced && namespace === undefined)) return undefined;
    const { group, version, resource, kind } = type;
    const place = type.namespaced && namespace !== undefined ? { namespace } : {};
    const object: PlannedObject = { group, version, resource, kind, ...place, name: owner.name };
    return (await readOrNone(writer, object, call)) === undefined ? undefined : object;
  }

  return {
    async ownersOf({ owners: captured, planned }, call) {
      const linked: PlannedOwner[] = [];
      const missing: string[] = [];
      for (const owner of captured) {
        const inPlan = relations.byUid.get(owner.uid)?.planned;
        const object = inPlan ?? (await ownerInTarget(owner, planned.namespace, call));
        const { controller, blockOwnerDeletion } = owner;
        if (object === undefined) missing.push(`${owner.kind} ${owner.name}`);
        else linked.push({ object, controller, blockOwnerDeletion });
      }
      return { owners: linked, missing };
    },
    async withOwners(object, planned, call) {
      const linked = await links.link(object, { owners: planned }, call);
      return "missing" in linked ? object : linked.object;
    },
    async volumeOf({ capturedVolume, planned }, call) {
      if (capturedVolume === undefined) return {};
      const claim = `${planned.namespace}/${planned.name}`;
      if (relations.claimOf(capturedVolume) === claim) return { volumeName: capturedVolume };
      const volume = await readOrNone(writer, volumeCalled(capturedVolume), call);
      const kept = volume === undefined ? undefined : claimRefOf(volume);
      if (volume === undefined || kept === undefined || `${kept.namespace}/${kept.name}` !== claim) return {};
      if (textAt(volume, "status", "phase") !== "Released") return { volumeName: capturedVolume };
      const note = `its volume ${capturedVolume} is there and released: remove spec.claimRef.uid and resourceVersion of that volume, and the claim has its data again`;
      return { volumeName: capturedVolume, note };
    },
  };
}

function volumeCalled(name: string): PlannedObject {
  return { group: "", version: "v1", resource: "persistentvolumes", kind: "PersistentVolume", name };
}

/** What may not be read is taken for missing: a link to it could not be made either. */
async function readOrNone(writer: KubeWriter, object: PlannedObject, call: Call): Promise<JsonObject | undefined> {
  try {
    return await writer.read(writeTarget(object), call);
  } catch (error) {
    if (error instanceof KubeError && (error.kind === "forbidden" || error.kind === "not-found")) return undefined;
    throw error;
  }
}
