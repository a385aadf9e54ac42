/** A list's own metadata, known when its last object is written. */
export interface ListMetadata {
  readonly resourceVersion: string;
  /** Where the next page begins; undefined on the last one. */
  readonly continue?: string;
}

/** What happened to an object, as a watch says it. */
type EventType = "ADDED" | "BOOKMARK";

/**
 * One way to write objects for a client. Objects come and go one at a time, each as its captured line; a list is what
 * `open`, the items with `separator` between, and `close` give.
 */
export interface Form {
  readonly contentType: string;
  /** An object by itself. */
  one(line: Buffer): Buffer | string;
  open(): string;
  item(line: Buffer): Buffer | string;
  readonly separator: string;
  close(metadata: ListMetadata): string;
  /** What a watch sends of an object, up to the end of the message. */
  event(type: EventType, line: Buffer): string;
}
