import type { Buffer } from "node:buffer";
import type { Call, ClusterIdentity, ObjectKey, ResourceType } from "@kubeferry/model";

/** What the API server serves at this moment. */
export interface Discovery {
  /** Per resource the first version in its group's order that serves it with `list`; no subresources; in `compareTypes` order. */
  readonly types: readonly ResourceType[];
  /** Group versions that could not be discovered or whose freshness is stale: their types are unread, not absent. */
  readonly stale: readonly { readonly group: string; readonly version: string; readonly reason: string }[];
  /** The discovery documents: {"api": …, "apis": …} in the aggregated form (v2), keys sorted, order of groups and versions kept. */
  readonly document: Buffer;
}

/** One object of a LIST, its bytes untouched but for `kind` and `apiVersion` put in front where LIST leaves them out, and white space outside strings removed: byte-equal to a compacted GET. */
export interface ListedObject {
  readonly key: ObjectKey;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly line: Buffer;
}

/** How a list ended. */
export interface ListEnd {
  /** The revision the list stands for; of an inconsistent one the last page's. */
  readonly resourceVersion: string;
  /** False when its pages come from more than one revision: a continue token expired (410) and the list went on from a later one. */
  readonly consistent: boolean;
  readonly pages: number;
  readonly objects: number;
}

/** One LIST under way; iterate once. */
export interface Listing extends AsyncIterable<ListedObject> {
  /** How it ended; callable after the iteration is finished. @throws Error before */
  end(): ListEnd;
}

/** How a list is asked. */
export interface ListRequest {
  /** Objects a page. */
  readonly pageSize: number;
  /** Label selector as kubectl takes it; evaluated by the server. */
  readonly labelSelector?: string;
  /** Only the objects of this namespace; for types that have namespaces. */
  readonly namespace?: string;
  /**
   * List as of this revision, whatever happened since (`resourceVersionMatch=Exact`). Throws "expired" once it is
   * compacted, also between two pages, and where the server answers as of another one.
   */
  readonly revision?: string;
  /** When the pages cannot all be of one revision: throw "expired" instead of going on from a later one. */
  readonly strict?: boolean;
  /** Only the object of this name, in `namespace` where its type has namespaces, no older than its version says. */
  readonly only?: { readonly name: string; readonly resourceVersion: string };
  /**
   * Only metadata: the line is the object's `PartialObjectMetadata`. Servers that know no such form send whole objects;
   * key, uid and resourceVersion are the same either way.
   */
  readonly metadataOnly?: boolean;
  /** Takes items in any order, some perhaps twice, instead of throwing "unordered"; `listSorted` puts them right. */
  readonly anyOrder?: boolean;
}

/** A cluster's API as the collector needs it. Reads only. */
export interface KubeApi {
  /** For people: "https://127.0.0.1:6443 (context admin)". */
  readonly description: string;
  discover(call: Call): Promise<Discovery>;
  /**
   * Every object of a type in pages, one object's bytes in memory at a time beside what is in flight.
   * @throws KubeError "unauthorized" | "forbidden" | "not-found" | "rate-limited" | "unavailable" | "unordered" (items out
   *   of key order) | "expired" (discard what came and list again) | "invalid"
   */
  list(type: ResourceType, request: ListRequest, call: Call): Listing;
  /** The revision the cluster stands at now, as a list of this type tells it. @throws KubeError "invalid" where the type has none */
  currentRevision(type: ResourceType, call: Call): Promise<string>;
  /** The bytes of one GET of an API path ("/openapi/v3", "/api/v1/namespaces/kube-system"), at most `maxBytes` (64 MiB). @throws KubeError */
  get(path: string, call: Call, maxBytes?: number): Promise<Buffer>;
  /** POSTs JSON where reading needs it: SelfSubjectAccessReview. @throws KubeError */
  review(path: string, body: object, call: Call): Promise<Buffer>;
  /** Who this cluster is; explicit settings win. @throws KubeError "forbidden" when namespace kube-system cannot be read */
  identify(configured: { readonly name?: string; readonly domain?: string }, call: Call): Promise<ClusterIdentity>;
  close(): Promise<void>;
}
