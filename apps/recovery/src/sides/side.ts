import type { Buffer } from "node:buffer";
import type { Call, ObjectKey, ResourceType } from "@kubeferry/model";
import type { TypeSchemas } from "../compare/schema/type-schemas.ts";

/** A type, as far as comparisons look at it. */
export type ComparedType = Omit<ResourceType, "verbs">;

/** One of two states that are compared: a snapshot, the cluster as it is now, files. */
export interface Side {
  /** For people: "crc.testing/wrl62, snapshot 42 of 2026-11-20T06:00:05Z". */
  readonly description: string;
  /** UID of the cluster's namespace kube-system; undefined where no cluster stands behind it. */
  readonly clusterUid: string | undefined;
  /** The types that it has something to say of, in `compareTypes` order. */
  readonly types: readonly SideType[];
  /**
   * One of its types as it has it in another version; undefined where it does not. Left out by a side that has each object
   * as it was written down: only an API server turns one version into another.
   */
  inVersion?(type: SideType, version: string): SideType | undefined;
  /** What it means that a type is not among them. */
  unlisted(type: ComparedType): Unlisted;
  /**
   * The objects of one of its types in the order of their keys, one at a time in memory.
   * @param skip digests of segments that need not be read, because the other side has them too
   * @throws KubeError, SnapshotError or RecoveryError "incomparable" where they cannot be read to the end: nothing that came counts then
   */
  objects(type: SideType, skip: ReadonlySet<string>, call: Call): AsyncIterable<SideObject>;
  /** What the API of that time says of types; undefined where nothing is known. */
  schemas(call: Call): Promise<TypeSchemas | undefined>;
}

/** Why a side does not list a type. */
export type Unlisted =
  /** There is none of it. */
  | { readonly because: "absent" }
  /** It is not this side's to know: left out by the configuration, or by rule. */
  | { readonly because: "left-out"; readonly reason: string }
  /** It should be known and is not. */
  | { readonly because: "unread"; readonly reason: string };

/** A type of a side. */
export interface SideType extends ComparedType {
  /** Why its objects cannot be compared although it is listed; undefined when they can. */
  readonly unknown?: Exclude<Unlisted, { readonly because: "absent" }>;
  /** Digests of the segments its objects lie in, where it is made of such. */
  readonly segments?: readonly string[];
  /** Whether an object that it does not give is known not to be there. False outside of what was looked at. */
  knowsAbsent(key: ObjectKey): boolean;
}

/** An object of a side. */
export type SideObject =
  | {
      readonly key: ObjectKey;
      readonly readable: true;
      /** Its JSON. */
      readonly line: Buffer;
      /** It was encrypted for what it holds: no value of it is shown. */
      readonly wasSealed: boolean;
    }
  /** Encrypted, and no identity is there to open it. */
  | {
      readonly key: ObjectKey;
      readonly readable: false;
      readonly uid: string;
      readonly resourceVersion: string;
    };
