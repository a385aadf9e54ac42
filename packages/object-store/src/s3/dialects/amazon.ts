import { Buffer } from "node:buffer";
import type http from "node:http";
import type { Agent } from "node:http";
import { Client, type ClientOptions } from "minio";
import type { Endpoint } from "../endpoint.ts";
import { textIn } from "../xml.ts";
import type { Dialect } from "./dialect.ts";
import { queryText } from "./query.ts";

/** Where requests go. */
export interface AmazonOptions {
  readonly endpoint: Endpoint;
  readonly bucket: string;
  readonly region: string;
  readonly pathStyle: boolean;
  readonly agent: Agent;
}

/**
 * What AWS, MinIO and nearly everybody else speaks. The minio client addresses and signs requests; its own retries, its
 * console output, its providers of keys and its error parsing are never reached, because the transport it is given keeps
 * answers without success from it. `putObject` is not used: it would cut large bodies into parts, which cannot carry a
 * condition.
 */
export function amazonDialect({ endpoint, bucket, region, pathStyle, agent }: AmazonOptions): Dialect {
  const common = {
    endPoint: endpoint.host,
    port: endpoint.port,
    useSSL: endpoint.useSsl,
    // Set, so that no request goes out to ask for it.
    region,
    pathStyle,
    transportAgent: agent,
  } satisfies ClientOptions;
  return {
    prefix: "x-amz-",
    conditionHeaders: (condition) =>
      "ifAbsent" in condition ? { "if-none-match": "*" } : { "if-match": `"${condition.ifMatch}"` },
    encryptionHeaders: (encryption) =>
      encryption.type === "sse-s3"
        ? { "x-amz-server-side-encryption": "AES256" }
        : { "x-amz-server-side-encryption": "aws:kms", ...kmsKey(encryption.kmsKeyId) },
    etagIn: (headers) => unquoted(headers.etag ?? ""),
    etagListed: (contents) => unquoted(textIn(contents, "ETag") ?? ""),
    send({ method, key, query, headers, body }, keys, transport) {
      // A client of its own for each request costs microseconds, and gives each its own signal and keys.
      const client = new Client({
        ...common,
        accessKey: keys.accessKey.reveal(),
        secretKey: keys.secretKey.reveal(),
        ...(keys.sessionToken === undefined ? {} : { sessionToken: keys.sessionToken.reveal() }),
        transport: { request: transport } as unknown as typeof http,
      });
      // Signs the body's digest also over TLS, where the client would leave the body unsigned: the server checks it.
      client.enableSHA256 = true;
      const parts = {
        method,
        bucketName: bucket,
        headers: { ...headers },
        ...(key === undefined ? {} : { objectName: key }),
        ...(query === undefined ? {} : { query: queryText(query) }),
      };
      const bytes = body === undefined ? "" : Buffer.from(body.buffer, body.byteOffset, body.byteLength);
      return client.makeRequestAsync(parts, bytes, [200, 204]);
    },
  };
}

function kmsKey(id: string | undefined): Record<string, string> {
  return id === undefined ? {} : { "x-amz-server-side-encryption-aws-kms-key-id": id };
}

/** An ETag without its quotes. */
function unquoted(etag: string): string {
  return etag.replace(/^"(.*)"$/, "$1");
}
