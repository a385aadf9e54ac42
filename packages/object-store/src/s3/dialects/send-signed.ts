import type { Agent, IncomingMessage } from "node:http";
import type { Keys } from "../keys/keys.ts";
import type { S3Request, Transport } from "./dialect.ts";
import { percentEncode, queryText } from "./query.ts";
import { createSigningKeys, type SigningNames, signatureHeaders } from "./signature.ts";

/** Where the requests to one bucket go. */
export interface BucketAddress {
  readonly useSsl: boolean;
  readonly host: string;
  readonly port: number;
  /** As the header says it: without the port where that is the scheme's own. */
  readonly hostHeader: string;
  /** Of the bucket: "/backups"; "" where its name is part of the host's. */
  readonly path: string;
}

/** How requests are signed and over what they go. */
export interface SendingOptions {
  readonly address: BucketAddress;
  readonly names: SigningNames;
  readonly region: string;
  readonly agent: Agent;
}

/** Sends requests to one bucket, every header and the body's digest signed: over TLS, too, the server checks what it stores. */
export function createSignedSender({ address, names, region, agent }: SendingOptions) {
  const { useSsl, host, port, hostHeader } = address;
  const keyOf = createSigningKeys();
  return (request: S3Request, keys: Keys, transport: Transport): Promise<IncomingMessage> => {
    const { method, body = NO_BODY } = request;
    const path = pathOf(address.path, request.key);
    const query = request.query === undefined ? "" : queryText(request.query);
    const headers = { ...request.headers, host: hostHeader, ...lengthOf(method, body) };
    // Always the real time: servers refuse a request that is signed for another.
    const by = { keys, region, at: new Date() };
    const signed = { ...headers, ...signatureHeaders({ method, path, query, headers, body }, by, names, keyOf) };
    const target = { protocol: useSsl ? "https:" : "http:", host, port, agent };
    const options = { ...target, method, path: query === "" ? path : `${path}?${query}`, headers: signed };
    return new Promise((resolve, reject) => {
      transport(options, resolve).on("error", reject).end(body);
    });
  };
}

const NO_BODY = new Uint8Array();

function lengthOf(method: S3Request["method"], body: Uint8Array): Record<string, string> {
  return method === "PUT" || method === "DELETE" ? { "content-length": String(body.byteLength) } : {};
}

/** Not normalised: the server takes the path as it was signed. */
function pathOf(bucket: string, key: string | undefined): string {
  if (key === undefined) return bucket === "" ? "/" : bucket;
  return `${bucket}/${key.split("/").map(percentEncode).join("/")}`;
}
