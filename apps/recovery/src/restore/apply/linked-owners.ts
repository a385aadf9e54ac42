import type { KubeWriter } from "@kubeferry/kube";
import { apiVersionOf, type Call, type JsonObject } from "@kubeferry/model";
import type { PlanEntry, PlannedObject, PlannedOwner } from "../restore-plan.ts";
import { metadataOf } from "./same-content.ts";
import { objectName } from "./steps.ts";
import { targetOf } from "./target-of.ts";

/** Knows which UIDs owners have in the target. */
export interface OwnerLinks {
  /** Remembers what was written. */
  learn(object: PlannedObject, uid: string): void;
  /** The object with its owners, as they are called there. @returns the owner that is missing, where one is */
  link(
    object: JsonObject,
    entry: Pick<PlanEntry, "owners">,
    call: Call,
  ): Promise<{ readonly object: JsonObject } | { readonly missing: string }>;
}

/** Makes it: a run that goes on where an earlier one was stopped asks the target for what that one wrote. */
export function createOwnerLinks(writer: KubeWriter): OwnerLinks {
  const known = new Map<string, Promise<string | undefined>>();

  function uidOf(owner: PlannedObject, call: Call): Promise<string | undefined> {
    const name = objectName(owner);
    const asked = known.get(name) ?? readUid(owner, call);
    known.set(name, asked);
    return asked;
  }

  async function readUid(owner: PlannedObject, call: Call): Promise<string | undefined> {
    const { uid } = metadataOf((await writer.read(targetOf(owner), call)) ?? {});
    return typeof uid === "string" ? uid : undefined;
  }

  return {
    learn: (object, uid) => known.set(objectName(object), Promise.resolve(uid)),
    async link(object, { owners = [] }, call) {
      if (owners.length === 0) return { object };
      const ownerReferences: JsonObject[] = [];
      for (const owner of owners) {
        const uid = await uidOf(owner.object, call);
        if (uid === undefined) return { missing: objectName(owner.object) };
        ownerReferences.push(referenceTo(owner, uid));
      }
      return { object: { ...object, metadata: { ...metadataOf(object), ownerReferences } } };
    },
  };
}

function referenceTo({ object, controller, blockOwnerDeletion }: PlannedOwner, uid: string): JsonObject {
  return {
    apiVersion: apiVersionOf(object),
    kind: object.kind,
    name: object.name,
    uid,
    ...(controller ? { controller } : {}),
    ...(blockOwnerDeletion ? { blockOwnerDeletion } : {}),
  };
}
