import type { Agent } from "node:http";
import type { Endpoint } from "../endpoint.ts";
import { textIn } from "../xml.ts";
import type { Dialect } from "./dialect.ts";
import { createSignedSender } from "./send-signed.ts";
import type { SigningNames } from "./signature.ts";

/** Where requests go. */
export interface GoogleOptions {
  readonly endpoint: Endpoint;
  readonly bucket: string;
  readonly region: string;
  readonly agent: Agent;
}

/** @see Cloud Storage, "Signatures" and "HMAC keys" */
const NAMES: SigningNames = {
  algorithm: "GOOG4-HMAC-SHA256",
  keyPrefix: "GOOG4",
  service: "storage",
  ending: "goog4_request",
  headerPrefix: "x-goog-",
};

/**
 * Google's XML interface. It looks like S3 and takes S3's signatures, but there it overlooks If-Match and If-None-Match
 * on a put, and answers 200 to both of two writers. Its own condition compares generations and is refused beside any
 * header of Amazon's: so everything is said and signed in its own names, and an etag here is a generation.
 */
export function googleDialect({ endpoint, bucket, region, agent }: GoogleOptions): Dialect {
  const { host, port, useSsl, url } = endpoint;
  const address = { host, port, useSsl, hostHeader: new URL(url).host, path: `/${bucket}` };
  return {
    prefix: "x-goog-",
    conditionHeaders: (condition) => ({
      // 0: no version at all.
      "x-goog-if-generation-match": "ifAbsent" in condition ? "0" : generation(condition.ifMatch),
    }),
    encryptionHeaders: (encryption) =>
      encryption.type === "sse-kms" && encryption.kmsKeyId !== undefined
        ? { "x-goog-encryption-kms-key-name": encryption.kmsKeyId }
        : {},
    etagIn: (headers) => [headers["x-goog-generation"]].flat()[0] ?? "",
    etagListed: (contents) => textIn(contents, "Generation") ?? "",
    send: createSignedSender({ address, names: NAMES, region, agent }),
  };
}

/** What is no generation would be refused as a bad request; 1 is one that no object has, since they count microseconds. */
function generation(etag: string): string {
  return /^[1-9]\d{0,18}$/.test(etag) ? etag : "1";
}
