import type { Agent } from "node:http";
import type { Endpoint } from "../endpoint.ts";
import { textIn } from "../xml.ts";
import type { Dialect } from "./dialect.ts";
import { type BucketAddress, createSignedSender } from "./send-signed.ts";
import type { SigningNames } from "./signature.ts";

/** Where requests go. */
export interface AmazonOptions {
  readonly endpoint: Endpoint;
  readonly bucket: string;
  readonly region: string;
  readonly pathStyle: boolean;
  readonly agent: Agent;
}

const NAMES: SigningNames = {
  algorithm: "AWS4-HMAC-SHA256",
  keyPrefix: "AWS4",
  service: "s3",
  ending: "aws4_request",
  headerPrefix: "x-amz-",
};

/** What AWS, MinIO and nearly everybody else speaks. */
export function amazonDialect(options: AmazonOptions): Dialect {
  const { region, agent } = options;
  const sendSigned = createSignedSender({ address: addressOf(options), names: NAMES, region, agent });
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
    send(request, keys, transport) {
      const { sessionToken } = keys;
      if (sessionToken === undefined) return sendSigned(request, keys, transport);
      const headers = { ...request.headers, "x-amz-security-token": sessionToken.reveal() };
      return sendSigned({ ...request, headers }, keys, transport);
    },
  };
}

/** AWS's one name for all regions; only the region's own serves its buckets without a redirect. */
const AMAZON = "s3.amazonaws.com";
/** Hosts that stand for AWS as a whole: there the bucket's name is part of the host's, whatever `pathStyle` says. */
const AMAZON_HOSTS: ReadonlySet<string> = new Set([AMAZON, "s3.cn-north-1.amazonaws.com.cn"]);

/** With a dot in the bucket's name no certificate fits `bucket.host`, so over TLS that name stays in the path. */
function addressOf({ endpoint, bucket, region, pathStyle }: AmazonOptions): BucketAddress {
  const { useSsl, port, url } = endpoint;
  const regional = (name: string): string => name.replace(AMAZON, `s3.${region}.amazonaws.com`);
  const isAmazon = AMAZON_HOSTS.has(endpoint.host);
  const host = isAmazon ? regional(endpoint.host) : endpoint.host;
  const hostHeader = isAmazon ? regional(new URL(url).host) : new URL(url).host;
  const inPath = (pathStyle && !isAmazon) || (useSsl && bucket.includes("."));
  if (inPath) return { useSsl, host, port, hostHeader, path: `/${bucket}` };
  return { useSsl, host: `${bucket}.${host}`, port, hostHeader: `${bucket}.${hostHeader}`, path: "" };
}

function kmsKey(id: string | undefined): Record<string, string> {
  return id === undefined ? {} : { "x-amz-server-side-encryption-aws-kms-key-id": id };
}

/** An ETag without its quotes. */
function unquoted(etag: string): string {
  return etag.replace(/^"(.*)"$/, "$1");
}
