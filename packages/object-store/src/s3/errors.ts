import { StorageError, type StorageErrorKind } from "../storage-error.ts";

/** Who speaks in this driver's messages. */
export const S3 = "s3";

/** An answer that says no, or an answer that never came. */
export class S3Failure extends Error {
  /** The HTTP status; undefined when no whole answer came. */
  readonly status: number | undefined;
  /** S3's code ("NoSuchKey"), or the operating system's ("ECONNREFUSED"). */
  readonly code: string | undefined;
  /** What the server asks to wait. */
  readonly retryAfterMs: number | undefined;
  /** The region the bucket is in, when the server says that ours is wrong. */
  readonly region: string | undefined;
  /** The connection was an idle one that the server had closed meanwhile. */
  readonly staleConnection: boolean;

  constructor(parts: {
    readonly status?: number;
    readonly code?: string | undefined;
    readonly retryAfterMs?: number | undefined;
    readonly region?: string | undefined;
    readonly staleConnection?: boolean;
    readonly cause?: unknown;
  }) {
    super(`${parts.status ?? "no answer"} ${parts.code ?? ""}`.trim(), { cause: parts.cause });
    this.name = "S3Failure";
    this.status = parts.status;
    this.code = parts.code;
    this.retryAfterMs = parts.retryAfterMs;
    this.region = parts.region;
    this.staleConnection = parts.staleConnection ?? false;
  }
}

/** What a message needs to know of the store. */
export interface Target {
  readonly endpoint: string;
  readonly bucket: string;
}

interface Meaning {
  readonly kind: StorageErrorKind;
  readonly problem: string;
  readonly next?: string;
}

const CHECK_KEYS = "check store.accessKey and store.secretKey";
const MAKE_ROOM = "make room, or raise the limit; kubeferry snapshots prune removes what retention does not keep";
const ON_CLASH = "rename one of them: neither folders nor this server can hold both";

/** By the server's own code, because several causes share a status. */
const BY_CODE: Readonly<Record<string, (target: Target, failure: S3Failure) => Meaning>> = {
  NoSuchBucket: ({ bucket }) => missingBucket(bucket),
  InvalidBucketName: ({ bucket }) => ({
    kind: "invalid",
    problem: `the server takes no bucket named "${bucket}"`,
    next: "check store.bucket",
  }),
  InvalidAccessKeyId: () => ({ kind: "denied", problem: "the server does not know the access key", next: CHECK_KEYS }),
  // What versitygw answers, with status 404, for an access key that it does not know.
  XAdminUserNotFound: () => ({ kind: "denied", problem: "the server does not know the access key", next: CHECK_KEYS }),
  SignatureDoesNotMatch: () => ({
    kind: "denied",
    problem: "the secret key does not belong to the access key",
    next: CHECK_KEYS,
  }),
  ExpiredToken: () => ({ kind: "denied", problem: "the keys have expired", next: CHECK_KEYS }),
  AccessDenied: ({ bucket }) => ({
    kind: "denied",
    problem: "the keys have no right to do this",
    next: `check the policy of store.accessKey for bucket "${bucket}"`,
  }),
  RequestTimeTooSkewed: () => ({
    kind: "denied",
    problem: "the clocks of this machine and of the server differ too much",
    next: "set the clock",
  }),
  PreconditionFailed: () => ({
    kind: "conflict",
    problem: "the condition does not hold: the object was made or changed meanwhile",
    next: "read it again",
  }),
  ConditionalRequestConflict: () => ({
    kind: "unavailable",
    problem: "another request to the same key was under way",
    next: "try again",
  }),
  OperationAborted: () => ({
    kind: "unavailable",
    problem: "another request to the same bucket was under way",
    next: "try again",
  }),
  XMinioStorageFull: () => full("the server's disks are full"),
  InsufficientCapacity: () => full("the server's disks are full"),
  XMinioAdminBucketQuotaExceeded: overQuota,
  QuotaExceeded: overQuota,
  SlowDown: () => tooMany(),
  SlowDownWrite: () => tooMany(),
  SlowDownRead: () => tooMany(),
  TooManyRequests: () => tooMany(),
  RequestTimeout: () => ({
    kind: "unavailable",
    problem: "the server waited too long for the request",
    next: "check the network",
  }),
  BucketAlreadyExists: ({ bucket }) => ({
    kind: "denied",
    problem: `bucket "${bucket}" belongs to somebody else`,
    next: "choose another store.bucket",
  }),
  AuthorizationHeaderMalformed: wrongRegion,
  PermanentRedirect: wrongRegion,
  IllegalLocationConstraintException: wrongRegion,
  InvalidLocationConstraint: wrongRegion,
  XMinioObjectExistsAsDirectory: () => ({ kind: "invalid", problem: "other keys lie below this one", next: ON_CLASH }),
  XMinioParentIsObject: () => ({ kind: "invalid", problem: "a part of the key is an object", next: ON_CLASH }),
  ExistingObjectIsDirectory: () => ({ kind: "invalid", problem: "other keys lie below this one", next: ON_CLASH }),
  ObjectParentIsFile: () => ({ kind: "invalid", problem: "a part of the key is an object", next: ON_CLASH }),
  KeyUnreadableInListing: () => ({
    kind: "invalid",
    problem: "a key holds a character that the server cannot write into its listing",
    next: "remove that object, or list below another prefix",
  }),
  KeysOutOfOrder: () => ({
    kind: "invalid",
    problem: "the server does not list keys in the order of their UTF-8 bytes",
    next: "use a bucket of the general kind: AWS directory buckets list in no order",
  }),
  NotImplemented: () => ({
    kind: "invalid",
    problem: "the server cannot do what was asked",
    next: "drop store.encryption, if it is set and the server has no keys to encrypt with",
  }),
  KeyTooLongError: () => ({ kind: "invalid", problem: "the server takes no key as long as this" }),
  EntityTooLarge: () => ({ kind: "invalid", problem: "the server takes no object as large as this in one piece" }),
};

/** Error codes of node:tls that no retry changes. */
const TLS = /^(ERR_TLS_|ERR_SSL_|EPROTO$|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/;

/** Turns a failed request into what callers get; its message holds the server's code, never its answer. */
export function toStorageError(failure: S3Failure, operation: string, target: Target): StorageError {
  const meaning = meaningOf(failure, target);
  return new StorageError({ who: S3, operation, cause: failure, ...meaning });
}

function meaningOf(failure: S3Failure, target: Target): Meaning {
  // A server's word must not find what every object inherits.
  const known = Object.hasOwn(BY_CODE, failure.code ?? "") ? BY_CODE[failure.code ?? ""] : undefined;
  if (known !== undefined) return known(target, failure);
  return failure.status === undefined ? noAnswer(failure.code, target) : byStatus(failure.status, failure, target);
}

function byStatus(status: number, failure: S3Failure, target: Target): Meaning {
  const said = failure.code === undefined ? `HTTP ${status}` : `${failure.code} (HTTP ${status})`;
  // Before other causes of these statuses: the code is one of a key service, AWS's or MinIO's.
  if (/^kms[.:]/i.test(failure.code ?? "")) return keyService(said);
  if (status === 407) return refusedByProxy();
  if (status === 507) return full(`the server has no room (${said})`);
  if (status === 401 || status === 403)
    return { kind: "denied", problem: `the server answers ${said}`, next: CHECK_KEYS };
  if (status === 404) return missingBucket(target.bucket);
  if (status === 412) return { kind: "conflict", problem: "the condition does not hold", next: "read it again" };
  if (status === 429) return tooMany();
  if (status === 301 || status === 307) return wrongRegion(target, failure);
  const next = `check that store.endpoint ${target.endpoint} is an S3 server, and store.useSsl`;
  if (status >= 500 || status === 408)
    return { kind: "unavailable", problem: `the server answers ${said}`, next: "try again later" };
  return { kind: "invalid", problem: `the server answers ${said}`, next };
}

function noAnswer(code: string | undefined, { endpoint }: Target): Meaning {
  const next = "check store.endpoint, and that the server runs";
  if (code !== undefined && TLS.test(code)) {
    const problem = `no trusted TLS connection to ${endpoint} (${code})`;
    return {
      kind: "invalid",
      problem,
      next: "check store.useSsl; network.caFile names a file with your own authority",
    };
  }
  if (code?.startsWith("ERR_PROXY_") === true) {
    const problem = `the proxy on the way to ${endpoint} does not let us through (${code})`;
    return {
      kind: "unavailable",
      problem,
      next: "check network.proxy, or HTTP_PROXY and HTTPS_PROXY where it is not set",
    };
  }
  if (code === "ETIMEDOUT") return { kind: "unavailable", problem: `${endpoint} did not answer in time`, next };
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") {
    return { kind: "unavailable", problem: `the host of ${endpoint} has no address (${code})`, next };
  }
  if (code === "ECONNREFUSED")
    return { kind: "unavailable", problem: `nothing listens at ${endpoint} (${code})`, next };
  return { kind: "unavailable", problem: `the connection to ${endpoint} broke (${code ?? "no code"})`, next };
}

function keyService(said: string): Meaning {
  const problem = `the server's key service refuses (${said})`;
  return { kind: "denied", problem, next: "check store.encryption, and that these keys may use its key" };
}

function refusedByProxy(): Meaning {
  const next = "check network.proxy, or HTTP_PROXY and HTTPS_PROXY where it is not set";
  return { kind: "denied", problem: "the proxy on the way refuses us (HTTP 407)", next };
}

function missingBucket(bucket: string): Meaning {
  return {
    kind: "not-found",
    problem: `bucket "${bucket}" is missing, or not visible with these keys`,
    next: "check store.bucket, or set store.autoCreateBucket: true",
  };
}

function tooMany(): Meaning {
  return { kind: "rate-limited", problem: "the server asks for fewer requests", next: "lower batchSize" };
}

/** Tried again, because disks are shared: others may make room. */
function full(problem: string): Meaning {
  return { kind: "unavailable", problem, next: MAKE_ROOM };
}

function overQuota({ bucket }: Target): Meaning {
  return { kind: "invalid", problem: `bucket "${bucket}" holds as much as its quota allows`, next: MAKE_ROOM };
}

function wrongRegion({ bucket }: Target, { region }: S3Failure): Meaning {
  const next = region === undefined ? "check store.region" : `set store.region: ${region}`;
  return { kind: "invalid", problem: `bucket "${bucket}" is in another region`, next };
}
