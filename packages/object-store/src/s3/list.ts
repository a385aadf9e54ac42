import { compareUtf8 } from "@kubeferry/model";
import type { ListEntry, ListOptions } from "../store.ts";
import type { Dialect } from "./dialects/dialect.ts";
import { S3Failure } from "./errors.ts";
import { elementsIn, parseXml, textIn, type XmlElement } from "./xml.ts";

/** One page of a listing, in order. */
export interface Page {
  readonly entries: readonly ListEntry[];
  /** Asks for the next page; undefined on the last. */
  readonly token: string | undefined;
}

/** The query of one page. */
export function pageQuery(prefix: string, options: ListOptions, token: string | undefined): Record<string, string> {
  const { startAfter, delimiter } = options;
  return {
    "list-type": "2",
    // XML cannot carry every character that a key can hold.
    "encoding-type": "url",
    "max-keys": "1000",
    prefix,
    ...(delimiter === undefined ? {} : { delimiter }),
    // A start before the prefix says nothing, and some servers refuse it.
    ...(startAfter?.startsWith(prefix) === true ? { "start-after": startAfter } : {}),
    ...(token === undefined ? {} : { "continuation-token": token }),
  };
}

/**
 * Whether no key under the prefix can come after `startAfter`. The server is not asked then: MinIO answers with an empty
 * page, also for a bucket that does not exist.
 */
export function isPast(prefix: string, startAfter: string | undefined): boolean {
  return startAfter !== undefined && !startAfter.startsWith(prefix) && compareUtf8(startAfter, prefix) > 0;
}

/** @throws S3Failure for an answer that is no such page */
export function parsePage(xml: string, dialect: Dialect): Page {
  const result = parseXml(xml, "ListBucketResult");
  if (result === undefined) throw new S3Failure({ status: 200, code: "NoListing" });
  const decode = textIn(result, "EncodingType") === "url" ? decodeKey : plainKey;
  const objects = elementsIn(result, "Contents").map((element) => objectEntry(element, decode, dialect));
  const prefixes = elementsIn(result, "CommonPrefixes").map(
    (element): ListEntry => ({ type: "prefix", prefix: decode(required(element, "Prefix")) }),
  );
  const truncated = textIn(result, "IsTruncated") === "true";
  return {
    entries: [...objects, ...prefixes].sort((left, right) => compareUtf8(nameOf(left), nameOf(right))),
    token: truncated ? required(result, "NextContinuationToken") : undefined,
  };
}

/** What entries are ordered by. */
export function nameOf(entry: ListEntry): string {
  return entry.type === "object" ? entry.object.key : entry.prefix;
}

function objectEntry(element: XmlElement, decode: (text: string) => string, dialect: Dialect): ListEntry {
  const sizeBytes = Number(required(element, "Size"));
  const modifiedAt = new Date(required(element, "LastModified"));
  if (!Number.isSafeInteger(sizeBytes) || Number.isNaN(modifiedAt.getTime())) throw unreadable();
  const etag = dialect.etagListed(element);
  return { type: "object", object: { key: decode(required(element, "Key")), sizeBytes, etag, modifiedAt } };
}

/** Form encoding: a blank is "+", a plus "%2B". */
function decodeKey(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch (error) {
    throw new S3Failure({ status: 200, code: "NoUrlEncoding", cause: error });
  }
}

/** Some servers do not encode. They write U+FFFD where XML cannot carry a character: that key is lost, and is said. */
function plainKey(text: string): string {
  if (text.includes("\uFFFD")) throw new S3Failure({ status: 200, code: "KeyUnreadableInListing" });
  return text;
}

function required(element: XmlElement, name: string): string {
  const text = textIn(element, name);
  if (text === undefined) throw unreadable();
  return text;
}

function unreadable(): S3Failure {
  return new S3Failure({ status: 200, code: "UnreadableListing" });
}
