import type { Agent, ClientRequest, IncomingMessage, RequestOptions } from "node:http";
import type { Call } from "@kubeferry/model";
import { createConnections } from "./connection.ts";
import { amazonDialect } from "./dialects/amazon.ts";
import type { Dialect, S3Request } from "./dialects/dialect.ts";
import { googleDialect } from "./dialects/google.ts";
import { type Endpoint, parseEndpoint } from "./endpoint.ts";
import { S3Failure } from "./errors.ts";
import { readFailure } from "./failure.ts";
import { chooseKeys } from "./keys/choose-keys.ts";
import type { KeySource, Keys } from "./keys/keys.ts";
import { http, https } from "./node-http.ts";
import type { S3StoreOptions } from "./options.ts";

const TIMEOUT_MS = 30_000;
const MAX_CONNECTIONS = 32;

/** What this driver takes from its process. */
export interface Surroundings {
  readonly env: Readonly<NodeJS.ProcessEnv>;
  readonly now: () => number;
}

/** Sends one request once. */
export interface S3Wire {
  readonly url: string;
  readonly timeoutMs: number;
  readonly dialect: Dialect;
  /** Where the keys come from, for people. */
  readonly keysFrom: string;
  /** @returns an answer with a status of success, its body unread. @throws S3Failure, or the signal's reason */
  send(request: S3Request, call: Call): Promise<IncomingMessage>;
}

/**
 * The way to one bucket: connections, keys and the server's dialect.
 * @throws StorageError for options that cannot be, and when there are no keys
 */
export function createWire(options: S3StoreOptions, { env, now }: Surroundings): S3Wire {
  const endpoint = parseEndpoint(options.endpoint, options.useSsl);
  const timeoutMs = options.requestTimeoutMs ?? TIMEOUT_MS;
  const maxConnections = options.maxConnections ?? MAX_CONNECTIONS;
  const { agentFor } = createConnections({ network: options.network, maxConnections, env });
  const keys = chooseKeys(options, { env, now, agentFor });
  const dialect = chooseDialect(options, endpoint, agentFor(new URL(endpoint.url)));
  const send = (request: S3Request, call: Call): Promise<IncomingMessage> =>
    withFreshKeys(keys, call, (current) => sendOnce({ dialect, endpoint, timeoutMs, keys: current }, request, call));
  return { url: endpoint.url, timeoutMs, dialect, keysFrom: keys.description, send };
}

function chooseDialect(options: S3StoreOptions, endpoint: Endpoint, agent: Agent): Dialect {
  const { bucket, region, pathStyle = true } = options;
  return options.provider === "gcs"
    ? googleDialect({ endpoint, bucket, region: region ?? "auto", agent })
    : amazonDialect({ endpoint, bucket, region: region ?? "us-east-1", pathStyle, agent });
}

/** What servers answer to keys that they do not know, or no longer. */
const REFUSED_KEYS =
  /^(ExpiredToken|InvalidAccessKeyId|InvalidToken|InvalidTokenId|SignatureDoesNotMatch|XAdminUserNotFound)$/;

/** Keys are rotated while we run: a refusal counts only when there are no others by now. */
async function withFreshKeys<T>(source: KeySource, call: Call, work: (keys: Keys) => Promise<T>): Promise<T> {
  const keys = await source.current(call);
  try {
    return await work(keys);
  } catch (error) {
    if (!refusesKeys(error) || !(await source.renewed(keys, call))) throw error;
    call.log.info("keys of the object store were refused and are replaced by newer ones");
    return await work(await source.current(call));
  }
}

/** An answer to HEAD has no body: most servers leave it at a bare 403. */
function refusesKeys(error: unknown): boolean {
  if (!(error instanceof S3Failure)) return false;
  return error.code === undefined ? error.status === 403 : REFUSED_KEYS.test(error.code);
}

interface Sending {
  readonly dialect: Dialect;
  readonly endpoint: Endpoint;
  readonly timeoutMs: number;
  readonly keys: Keys;
}

async function sendOnce(sending: Sending, request: S3Request, { signal }: Call): Promise<IncomingMessage> {
  const { dialect, endpoint, timeoutMs, keys } = sending;
  const sent: ClientRequest[] = [];
  const transport = (parts: RequestOptions, onSuccess: (answer: IncomingMessage) => void): ClientRequest => {
    const started = start(endpoint.useSsl ? https : http, { ...parts, signal, timeout: timeoutMs }, onSuccess);
    sent.push(started);
    return started;
  };
  try {
    signal.throwIfAborted();
    return await dialect.send(request, keys, transport);
  } catch (error) {
    signal.throwIfAborted();
    throw toFailure(error, sent[0]?.reusedSocket ?? false);
  }
}

/** Starts the request; an answer without success becomes an "error" of the request, which is what dialects wait for. */
function start(
  module: typeof http | typeof https,
  options: RequestOptions,
  onSuccess: (answer: IncomingMessage) => void,
): ClientRequest {
  const request = module.request(options, (answer) => {
    // From here on, those who read limit the wait: a caller may take its time over a body.
    request.setTimeout(0);
    const status = answer.statusCode ?? 0;
    const fail = (failure: unknown): boolean => request.emit("error", failure);
    if (status >= 200 && status < 300) onSuccess(answer);
    else readFailure(answer, options.timeout ?? TIMEOUT_MS).then(fail, fail);
  });
  request.on("timeout", () => request.destroy(new S3Failure({ code: "ETIMEDOUT" })));
  return request;
}

/** Errors of sockets, of TLS and of node's HTTP parser carry a code; what has none is a mistake in the code, not the network. */
function toFailure(error: unknown, reusedSocket: boolean): unknown {
  if (error instanceof S3Failure || !(error instanceof Error)) return error;
  if (!("code" in error) || typeof error.code !== "string") return error;
  const { code } = error;
  // A proxy's no to CONNECT is an answer, with a status of its own.
  if (code === "ERR_PROXY_TUNNEL" && "statusCode" in error && error.statusCode === 407) {
    return new S3Failure({ status: 407, code });
  }
  const staleConnection = reusedSocket && (code === "ECONNRESET" || code === "EPIPE");
  return new S3Failure({ code, staleConnection, cause: error });
}
