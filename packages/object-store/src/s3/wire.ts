import { Buffer } from "node:buffer";
import http, { type ClientRequest, type IncomingMessage, type RequestOptions } from "node:http";
import https from "node:https";
import type { Call } from "@kubeferry/model";
import { Client, type ClientOptions } from "minio";
import { parseEndpoint } from "./endpoint.ts";
import { S3Failure } from "./errors.ts";
import { readFailure } from "./failure.ts";
import type { S3StoreOptions } from "./options.ts";

const TIMEOUT_MS = 30_000;
const MAX_CONNECTIONS = 32;

/** One request to the bucket, or with a key to an object. */
interface S3Request {
  readonly method: "GET" | "HEAD" | "PUT" | "DELETE";
  readonly key?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
}

/** Sends one request once. */
export interface S3Wire {
  readonly url: string;
  readonly timeoutMs: number;
  /** @returns an answer with a status of success, its body unread. @throws S3Failure, or the signal's reason */
  send(request: S3Request, call: Call): Promise<IncomingMessage>;
}

/**
 * The minio client addresses and signs requests; its own retries, its console output and its error parsing are never
 * reached, because the transport it is given keeps answers without success from it. `putObject` is not used: it would
 * cut large bodies into parts, which cannot carry a condition.
 */
export function createWire(options: S3StoreOptions): S3Wire {
  const endpoint = parseEndpoint(options.endpoint, options.useSsl);
  const timeoutMs = options.requestTimeoutMs ?? TIMEOUT_MS;
  const module = endpoint.useSsl ? https : http;
  const agent = new module.Agent({ keepAlive: true, maxSockets: options.maxConnections ?? MAX_CONNECTIONS });
  const clientOptions: ClientOptions = {
    endPoint: endpoint.host,
    port: endpoint.port,
    useSSL: endpoint.useSsl,
    // Set, so that no request goes out to ask for it.
    region: options.region ?? "us-east-1",
    accessKey: options.accessKey.reveal(),
    secretKey: options.secretKey.reveal(),
    pathStyle: options.pathStyle ?? true,
    transportAgent: agent,
  };
  return {
    url: endpoint.url,
    timeoutMs,
    async send(request, { signal }) {
      const sent: ClientRequest[] = [];
      const transport = {
        request: (parts: RequestOptions, onSuccess: (answer: IncomingMessage) => void): ClientRequest => {
          const started = start(module, { ...parts, signal, timeout: timeoutMs }, onSuccess);
          sent.push(started);
          return started;
        },
      };
      // A client of its own for each request costs microseconds, and gives each its own signal.
      const client = new Client({ ...clientOptions, transport: transport as typeof http });
      try {
        signal.throwIfAborted();
        return await sendBy(client, options.bucket, request);
      } catch (error) {
        signal.throwIfAborted();
        throw toFailure(error, sent[0]?.reusedSocket ?? false);
      }
    },
  };
}

function sendBy(client: Client, bucketName: string, request: S3Request): Promise<IncomingMessage> {
  const { method, key, query, headers, body } = request;
  // Signs the body's digest also over TLS, where the client would leave the body unsigned: the server checks it.
  client.enableSHA256 = true;
  const parts = {
    method,
    bucketName,
    headers: { ...headers },
    ...(key === undefined ? {} : { objectName: key }),
    ...(query === undefined ? {} : { query: queryOf(query) }),
  };
  const bytes = body === undefined ? "" : Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  return client.makeRequestAsync(parts, bytes, [200, 204]);
}

function queryOf(query: Readonly<Record<string, string>>): string {
  return Object.entries(query)
    .map(([name, value]) => `${name}=${percentEncode(value)}`)
    .join("&");
}

/** As signatures want it: all but A-Z a-z 0-9 - _ . ~ is encoded. */
function percentEncode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** Starts the request; an answer without success becomes an "error" of the request, which is what the client waits for. */
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
  const staleConnection = reusedSocket && (code === "ECONNRESET" || code === "EPIPE");
  return new S3Failure({ code, staleConnection, cause: error });
}
