import type { Secret } from "@kubeferry/model";

/** How often, and how far apart, a request is tried. */
export interface RetryOptions {
  /** Tries in all, the first included: 3. */
  readonly attempts: number;
  /** Mean pause between two tries; each lies between half and one and a half of it. A server's Retry-After may lengthen it. */
  readonly delayMs: number;
}

/** Whose S3 it is. `gcs`: Google's, by its own names of headers and signatures; all others speak Amazon's. */
type S3Provider = "minio" | "s3" | "gcs";

/** What the server encrypts objects with before it writes them to its disks. */
export type ServerEncryption =
  /** A key of the server's own. */
  | { readonly type: "sse-s3" }
  /** A key of its key service; undefined: the one the bucket or the account has for this. */
  | { readonly type: "sse-kms"; readonly kmsKeyId?: string };

/** How servers are reached. Names are those of the configuration's `network` section. */
export interface NetworkOptions {
  /** A PEM file of authorities to trust beside those that Node trusts anyway. */
  readonly caFile?: string;
  /** "http://proxy:3128", for plain and for TLS connections; can hold a password. Undefined: HTTP_PROXY, HTTPS_PROXY and NO_PROXY. */
  readonly proxy?: Secret;
  /** Hosts that are reached past `proxy`: "minio", ".svc", "10.0.0.1". */
  readonly noProxy?: readonly string[];
}

/** Which bucket, where, and with which keys. Names are those of the configuration's `store` section. */
export interface S3StoreOptions {
  /** "http://127.0.0.1:9000", "https://s3.example.com", or "host:9000" with `useSsl`. */
  readonly endpoint: string;
  /** For endpoints without a scheme (true unless said); contradicting a scheme is an error. */
  readonly useSsl?: boolean;
  /** "s3" unless said. */
  readonly provider?: S3Provider;
  readonly bucket: string;
  /** "us-east-1" unless said, which is what servers other than AWS expect. */
  readonly region?: string;
  /** Both or none. None: in files, or what `chooseKeys` finds around us. */
  readonly accessKey?: Secret;
  readonly secretKey?: Secret;
  /** With keys that were lent for a while. */
  readonly sessionToken?: Secret;
  /** Both or none: files with the keys, read again when they change. */
  readonly accessKeyFile?: string;
  readonly secretKeyFile?: string;
  readonly sessionTokenFile?: string;
  /** https://host/bucket/key, which every server understands, rather than https://bucket.host/key. True unless said. */
  readonly pathStyle?: boolean;
  /** Undefined: as the bucket is set up. */
  readonly encryption?: ServerEncryption;
  /** Whether `prepare` makes the bucket when it is missing. */
  readonly autoCreateBucket: boolean;
  /** Longest time without a byte in either direction: 30,000 unless said. */
  readonly requestTimeoutMs?: number;
  /** Connections at once; further requests wait for one: 32 unless said. */
  readonly maxConnections?: number;
  readonly retry: RetryOptions;
  readonly network?: NetworkOptions;
}
