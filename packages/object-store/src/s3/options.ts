import type { Secret } from "@kubeferry/model";

/** How often, and how far apart, a request is tried. */
export interface RetryOptions {
  /** Tries in all, the first included: 3. */
  readonly attempts: number;
  /** Mean pause between two tries; each lies between half and one and a half of it. A server's Retry-After may lengthen it. */
  readonly delayMs: number;
}

/** Which bucket, where, and with which keys. Names are those of the configuration's `store` section. */
export interface S3StoreOptions {
  /** "http://127.0.0.1:9000", "https://s3.example.com", or "host:9000" with `useSsl`. */
  readonly endpoint: string;
  /** For endpoints without a scheme (true unless said); contradicting a scheme is an error. */
  readonly useSsl?: boolean;
  readonly bucket: string;
  /** "us-east-1" unless said, which is what servers other than AWS expect. */
  readonly region?: string;
  readonly accessKey: Secret;
  readonly secretKey: Secret;
  /** https://host/bucket/key, which every server understands, rather than https://bucket.host/key. True unless said. */
  readonly pathStyle?: boolean;
  /** Whether `prepare` makes the bucket when it is missing. */
  readonly autoCreateBucket: boolean;
  /** Longest time without a byte in either direction: 30,000 unless said. */
  readonly requestTimeoutMs?: number;
  /** Connections at once; further requests wait for one: 32 unless said. */
  readonly maxConnections?: number;
  readonly retry: RetryOptions;
}
