import type { Call } from "@kubeferry/model";

/** What a store knows of one object without reading it. */
export interface ObjectInfo {
  /** From the store's root: "prod/_snapshots/default/0000000001.json". */
  readonly key: string;
  readonly sizeBytes: number;
  /** Opaque; equal etags mean equal bytes at that key. */
  readonly etag: string;
  /** UTC, by the store's clock. */
  readonly modifiedAt: Date;
  /**
   * Until when the store itself refuses to remove these bytes (object lock), by its own clock: it may lie in the past.
   * Only `head` and `get` say so, and only to keys that may read it (`s3:GetObjectRetention`).
   */
  readonly lockedUntil?: Date;
  /** The bytes stay, whatever the date, until somebody lifts a legal hold. As `lockedUntil`, said by `head` and `get`. */
  readonly legalHold?: true;
}

/**
 * An object's bytes with what the store says of them. Read the body to its end or leave its loop: one above 1 MiB that
 * is never touched holds a connection, or an open file, until the call's signal aborts.
 */
export interface StoredObject extends ObjectInfo {
  /** Can be read once. @throws StorageError "unavailable" when it breaks off; AbortError */
  readonly body: AsyncIterable<Uint8Array>;
}

/** One step of a listing: an object, or (with `delimiter`) a common prefix ending in "/". */
export type ListEntry =
  | { readonly type: "object"; readonly object: ObjectInfo }
  | { readonly type: "prefix"; readonly prefix: string };

/** What a listing can be asked. */
export interface ListOptions {
  /** Yield only what sorts after this, in UTF-8 byte order; a folded prefix counts by its own name. */
  readonly startAfter?: string;
  /** Fold keys below the next "/" into their prefix. */
  readonly delimiter?: "/";
}

/** When a put may happen. `ifAbsent`: only when no such key exists. `ifMatch`: only when the key still has this etag. */
export type PutCondition = { readonly ifAbsent: true } | { readonly ifMatch: string };

/** How a body is put. */
export interface PutOptions {
  readonly condition?: PutCondition;
  /** MIME type, "application/yaml". Stores without types ignore it. */
  readonly contentType?: string;
}

/** The half that reading needs. A missing bucket, or root folder, is an error everywhere and never an empty answer. */
export interface ObjectReader {
  /**
   * @returns undefined when the key does not exist
   * @throws StorageError "not-found" for a missing bucket, "denied", "unavailable"; AbortError
   */
  get(key: string, call: Call): Promise<StoredObject | undefined>;
  /** As `get`, without the body. */
  head(key: string, call: Call): Promise<ObjectInfo | undefined>;
  /**
   * Yields what lies under `prefix` in UTF-8 byte order of keys, holding one page in memory.
   * @param prefix "" for the whole store, otherwise ends in "/"
   * @throws StorageError "not-found" for a missing bucket, at the first step
   */
  list(prefix: string, options: ListOptions, call: Call): AsyncIterable<ListEntry>;
}

/** The half that changes the store. */
export interface ObjectWriter {
  /**
   * Stores the bytes whole or not at all.
   * @returns the new etag
   * @throws StorageError "conflict" when the condition does not hold; "invalid" where a key lies below another and the
   * store cannot hold both; after "unavailable" and AbortError the bytes may be stored all the same
   */
  put(key: string, body: Uint8Array, options: PutOptions, call: Call): Promise<{ readonly etag: string }>;
  /**
   * Removes the key; a key that does not exist is no error. In a bucket that keeps versions (every bucket with object
   * lock does) this hides the newest version and no more: the bytes stay and cost money until the bucket's own rules
   * let them go, and locked ones cannot go. Success therefore says nothing about a lock; `head` before it does.
   */
  delete(key: string, call: Call): Promise<void>;
}

/** An object store as this project needs it. */
export interface ObjectStore extends ObjectReader, ObjectWriter {
  /** For people: "s3 bucket cluster-backups at http://127.0.0.1:9000", "folder ./store". No credentials. */
  readonly description: string;
  /** For people: where its keys come from, without any value. Undefined for a store without keys. */
  readonly keysFrom?: string;
  /** Checks that bucket or root folder is there, and creates it when that was allowed.
   * @throws StorageError "not-found" with the key of the configuration to look at */
  prepare(call: Call): Promise<void>;
}
