import { createHash, createHmac } from "node:crypto";
import type { Keys } from "../keys/keys.ts";

/** What the two descendants of one signing scheme call its parts. */
export interface SigningNames {
  readonly algorithm: "AWS4-HMAC-SHA256" | "GOOG4-HMAC-SHA256";
  readonly keyPrefix: "AWS4" | "GOOG4";
  readonly service: "s3" | "storage";
  readonly ending: "aws4_request" | "goog4_request";
  readonly headerPrefix: "x-amz-" | "x-goog-";
}

/** A request before it is signed; header names in lower case, path and query encoded as they are sent. */
export interface Unsigned {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/**
 * The headers that sign a request, its body included.
 * @see AWS General Reference, "Signature Version 4 signing process"; Cloud Storage, "V4 signing process"
 */
export function signatureHeaders(
  request: Unsigned,
  by: { readonly keys: Keys; readonly region: string; readonly at: Date },
  names: SigningNames,
): Record<string, string> {
  const { algorithm, keyPrefix, service, ending, headerPrefix } = names;
  const time = by.at.toISOString().replace(/[:-]|\.\d+/g, "");
  const scope = [time.slice(0, 8), by.region, service, ending];
  const bodyDigest = sha256(request.body);
  const added = { [`${headerPrefix}date`]: time, [`${headerPrefix}content-sha256`]: bodyDigest };
  const headers = Object.entries({ ...request.headers, ...added }).sort(([left], [right]) => (left < right ? -1 : 1));
  const signedNames = headers.map(([name]) => name).join(";");
  const canonical = [
    request.method,
    request.path,
    request.query,
    ...headers.map(([name, value]) => `${name}:${value.trim().replace(/ +/g, " ")}`),
    "",
    signedNames,
    bodyDigest,
  ].join("\n");
  const toSign = [algorithm, time, scope.join("/"), sha256(canonical)].join("\n");
  const key = scope.reduce<string | Buffer>(
    (derived, part) => createHmac("sha256", derived).update(part).digest(),
    `${keyPrefix}${by.keys.secretKey.reveal()}`,
  );
  const signature = createHmac("sha256", key).update(toSign).digest("hex");
  const credential = `${by.keys.accessKey.reveal()}/${scope.join("/")}`;
  return {
    ...added,
    authorization: `${algorithm} Credential=${credential}, SignedHeaders=${signedNames}, Signature=${signature}`,
  };
}

function sha256(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}
