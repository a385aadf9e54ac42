import { type Cleaner, isWithheld } from "@kubeferry/clean";
import {
  isJsonObject,
  type JsonObject,
  KubeferryError,
  parseJson,
  splitObjectKey,
  textAt,
  typeName,
} from "@kubeferry/model";
import type { ReadableObject, SnapshotObject } from "@kubeferry/snapshot";
import type { Obstacle, PlannedObject } from "../restore-plan.ts";
import { type CapturedOwner, capturedOwners } from "./captured-owners.ts";
import { clusterMade, neverRestored } from "./cluster-made.ts";
import { controllerMade } from "./controller-made.ts";
import type { Mapping } from "./mapping.ts";
import { volumeNameOf, volumeNote, volumeObstacle, withoutVolume } from "./volumes.ts";

/** What of a captured object is meant to be in the target. */
export type Desired =
  /** The cluster or a controller makes it, or it is of the past: it is no matter of a restore. */
  | { readonly verdict: "left-out"; readonly reason: string }
  | {
      readonly verdict: "blocked";
      readonly planned: PlannedObject;
      readonly obstacle: Obstacle;
      readonly reason: string;
    }
  | WantedObject;

/** An object as it is meant to be in the target, as far as the target does not matter for it. */
export interface WantedObject {
  readonly verdict: "wanted";
  readonly planned: PlannedObject;
  /** Cleaned and mapped; without owner references, and a claim without its volume. */
  readonly object: JsonObject;
  readonly owners: readonly CapturedOwner[];
  /** Of a claim: the volume it had in the captured cluster. */
  readonly capturedVolume?: string;
  /** What is worth knowing of it, as sentences without a full stop. */
  readonly notes: readonly string[];
}

/** What it takes to say what an object becomes. */
export interface DesiredOptions {
  readonly cleaner: Cleaner;
  readonly mapping: Mapping;
  /** The target is the cluster that was captured. */
  readonly sameCluster: boolean;
  readonly storageClasses: Readonly<Record<string, string>>;
}

/** Makes what says of a captured object what it becomes: the plan and whoever carries it out use the same. Pure. */
export function createDesired(options: DesiredOptions): (captured: SnapshotObject) => Desired {
  return (captured) => {
    const never = neverRestored(captured.type);
    if (never !== undefined) return { verdict: "left-out", reason: never };
    const planned = placeOf(captured, options.mapping);
    const unread = captured.readable ? parse(captured) : sealedFor(captured.sealed.recipients);
    if ("obstacle" in unread) return { verdict: "blocked", planned, ...unread };
    return desiredOf(unread.object, captured, planned, options);
  };
}

function desiredOf(
  object: JsonObject,
  { type, key }: SnapshotObject,
  planned: PlannedObject,
  { cleaner, mapping, sameCluster, storageClasses }: DesiredOptions,
): Desired {
  const { namespace, name } = splitObjectKey(key, type.namespaced);
  const leftOut =
    clusterMade(type, namespace, typeName(type) === "namespaces" ? planned.name : name, object) ??
    cleaner.dropReason(object, type)?.reason ??
    controllerMade(object, type) ??
    ofThePast(object, typeName(type), name, storageClasses);
  if (leftOut !== undefined) return { verdict: "left-out", reason: leftOut };
  const blocked = (obstacle: Obstacle, reason: string): Desired => ({ verdict: "blocked", planned, obstacle, reason });
  if (isWithheld(object)) return blocked("withheld", "value not in this backup");
  const known = typeName(type);
  const volume = known === "persistentvolumes" ? volumeObstacle(object, sameCluster) : undefined;
  if (volume !== undefined) return blocked("volume", volume);
  const isClaim = known === "persistentvolumeclaims";
  const cleaned = withoutOwners(cleaner.clean(object, type).object);
  try {
    const mapped = mapping.apply(isClaim ? withoutVolume(cleaned) : cleaned, {
      ...planned,
      name,
      ...(namespace === undefined ? {} : { namespace }),
    });
    const capturedVolume = isClaim ? volumeNameOf(object) : undefined;
    return {
      verdict: "wanted",
      planned,
      object: mapped.object,
      owners: capturedOwners(object),
      ...(capturedVolume === undefined ? {} : { capturedVolume }),
      notes: [
        ...mentionNote(mapped.mentions),
        ...noteOf(known === "persistentvolumes" ? volumeNote(object) : undefined),
      ],
    };
  } catch (error) {
    if (!(error instanceof KubeferryError) || error.kind !== "config") throw error;
    return blocked("unusable", error.problem);
  }
}

/** How an object is called in the target, by its key alone. */
function placeOf({ type, key }: SnapshotObject, { namespaceOf }: Mapping): PlannedObject {
  const { namespace, name } = splitObjectKey(key, type.namespaced);
  const { group, version, resource, kind } = type;
  return {
    group,
    version,
    resource,
    kind,
    ...(namespace === undefined ? {} : { namespace: namespaceOf(namespace) }),
    name: typeName(type) === "namespaces" ? namespaceOf(name) : name,
  };
}

type Parsed = { readonly object: JsonObject } | { readonly obstacle: Obstacle; readonly reason: string };

function parse({ line }: ReadableObject): Parsed {
  try {
    const object = parseJson(line.toString("utf8"));
    if (isJsonObject(object)) return { object };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  return { obstacle: "unusable", reason: "its captured bytes are no JSON object" };
}

function sealedFor(recipients: readonly string[]): Parsed {
  const reason = `encrypted to ${recipients.join(", ")}, and no identity for that is configured`;
  return { obstacle: "sealed", reason };
}

function ofThePast(
  object: JsonObject,
  type: string,
  name: string,
  storageClasses: DesiredOptions["storageClasses"],
): string | undefined {
  if (textAt(object, "metadata", "deletionTimestamp") !== undefined) return "it was being removed when it was captured";
  if (type !== "storageclasses.storage.k8s.io" || !Object.hasOwn(storageClasses, name)) return undefined;
  return `the target has ${storageClasses[name]} in its place`;
}

function withoutOwners(object: JsonObject): JsonObject {
  const { metadata } = object;
  if (!isJsonObject(metadata) || !Object.hasOwn(metadata, "ownerReferences")) return object;
  const { ownerReferences: _, ...rest } = metadata;
  return { ...object, metadata: rest };
}

function mentionNote(mentions: number): readonly string[] {
  if (mentions === 0) return [];
  return [`${mentions} ${mentions === 1 ? "text" : "texts"} in it may name a namespace that is called otherwise here`];
}

function noteOf(note: string | undefined): readonly string[] {
  return note === undefined ? [] : [note];
}
