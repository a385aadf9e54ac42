import { type Cleaner, isWithheld } from "@kubeferry/clean";
import type { GitRef } from "@kubeferry/layout";
import {
  isJsonObject,
  type JsonObject,
  KubeferryError,
  once,
  splitObjectKey,
  textAt,
  typeName,
} from "@kubeferry/model";
import { parsedLine, type ReadableObject, type SnapshotObject, type TypeEntry } from "@kubeferry/snapshot";
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
      /** In the captured cluster; left out where the object could not be read. */
      readonly uid?: string;
    }
  | WantedObject;

/** An object as it is meant to be in the target, as far as the target does not matter for it. */
export interface WantedObject extends MadeObject {
  readonly verdict: "wanted";
  readonly planned: PlannedObject;
  /** In the captured cluster. */
  readonly uid?: string;
  readonly owners: readonly CapturedOwner[];
  /** Of a claim: the volume it had in the captured cluster. */
  readonly capturedVolume?: string;
}

/** Made when it is first asked for, which is most of the work: whoever only wants to know what is wanted never asks. */
interface MadeObject {
  /** Cleaned and mapped; without owner references, and a claim without its volume. */
  readonly object: JsonObject;
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
  captured: SnapshotObject,
  planned: PlannedObject,
  options: DesiredOptions,
): Desired {
  const { type, key } = captured;
  const leftOut = whyLeftOut(object, captured, planned, options);
  if (leftOut !== undefined) return { verdict: "left-out", reason: leftOut };
  const uid = textAt(object, "metadata", "uid");
  const known = { planned, ...(uid === undefined ? {} : { uid }) };
  const blocked = (obstacle: Obstacle, reason: string): Desired => ({ verdict: "blocked", ...known, obstacle, reason });
  if (isWithheld(object)) return blocked("withheld", "value not in this backup");
  const volume = isVolumes(type) ? volumeObstacle(object, options.sameCluster) : undefined;
  if (volume !== undefined) return blocked("volume", volume);
  const made = once(() => make(object, type, { ...planned, ...splitObjectKey(key, type.namespaced) }, options));
  const refusal = options.mapping.mayRefuse ? refusalOf(made) : undefined;
  if (refusal !== undefined) return blocked("unusable", refusal);
  const capturedVolume = isClaims(type) ? volumeNameOf(object) : undefined;
  return {
    verdict: "wanted",
    ...known,
    owners: capturedOwners(object),
    ...(capturedVolume === undefined ? {} : { capturedVolume }),
    get object() {
      return made().object;
    },
    get notes() {
      return made().notes;
    },
  };
}

function whyLeftOut(
  object: JsonObject,
  { type, key }: SnapshotObject,
  planned: PlannedObject,
  { cleaner, storageClasses }: DesiredOptions,
): string | undefined {
  const { namespace, name } = splitObjectKey(key, type.namespaced);
  return (
    clusterMade(type, namespace, typeName(type) === "namespaces" ? planned.name : name, object) ??
    cleaner.dropReason(object, type)?.reason ??
    controllerMade(object, type) ??
    ofThePast(object, typeName(type), name, storageClasses)
  );
}

/** @param ref the object as it was called in the captured cluster */
function make(object: JsonObject, type: TypeEntry, ref: GitRef, { cleaner, mapping }: DesiredOptions): MadeObject {
  const cleaned = withoutOwners(cleaner.clean(object, type).object);
  const mapped = mapping.apply(isClaims(type) ? withoutVolume(cleaned) : cleaned, ref);
  const note = isVolumes(type) ? volumeNote(object) : undefined;
  return { object: mapped.object, notes: [...mentionNote(mapped.mentions), ...noteOf(note)] };
}

/** Why an object cannot be mapped; undefined when it can. */
function refusalOf(made: () => MadeObject): string | undefined {
  try {
    made();
    return undefined;
  } catch (error) {
    if (error instanceof KubeferryError && error.kind === "config") return error.problem;
    throw error;
  }
}

function isVolumes(type: TypeEntry): boolean {
  return typeName(type) === "persistentvolumes";
}

function isClaims(type: TypeEntry): boolean {
  return typeName(type) === "persistentvolumeclaims";
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

function parse(captured: ReadableObject): Parsed {
  const object = parsedLine(captured);
  if (isJsonObject(object)) return { object };
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
