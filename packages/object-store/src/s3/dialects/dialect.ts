import type { ClientRequest, IncomingHttpHeaders, IncomingMessage, RequestOptions } from "node:http";
import type { PutCondition } from "../../store.ts";
import type { Keys } from "../keys/keys.ts";
import type { ServerEncryption } from "../options.ts";
import type { XmlElement } from "../xml.ts";

/** One request to the bucket, or with a key to an object. */
export interface S3Request {
  readonly method: "GET" | "HEAD" | "PUT" | "DELETE";
  readonly key?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
}

/** Starts a request that is addressed and signed, and hands over its answer when that is one of success. */
export type Transport = (options: RequestOptions, onSuccess: (answer: IncomingMessage) => void) => ClientRequest;

/** What S3 servers say differently; everything else of this driver is the same for all. */
export interface Dialect {
  /** What their headers begin with. */
  readonly prefix: "x-amz-" | "x-goog-";
  conditionHeaders(condition: PutCondition): Record<string, string>;
  encryptionHeaders(encryption: ServerEncryption): Record<string, string>;
  /** What `ifMatch` compares, from the headers of an answer. */
  etagIn(headers: IncomingHttpHeaders): string;
  /** The same from an entry of a listing. */
  etagListed(contents: XmlElement): string;
  /** Addresses, signs and starts a request. @returns the answer, when it is one of success */
  send(request: S3Request, keys: Keys, transport: Transport): Promise<IncomingMessage>;
}
