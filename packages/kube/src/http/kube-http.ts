import type { Call } from "@kubeferry/model";
import type { Dispatcher } from "undici";
import type { CredentialSource, Credentials, TlsMaterial } from "../connect/credentials.ts";
import { VERSION } from "../version.ts";
import { answerBody } from "./answer-body.ts";
import { answerError } from "./answer-error.ts";
import { connectionError } from "./connection-error.ts";
import type { RequestRate } from "./request-rate.ts";
import { warningsOf } from "./warnings.ts";

/** One request, as its caller means it. */
export interface KubeRequest {
  /** For messages: "list widgets.example.com". */
  readonly operation: string;
  /** With its query: "/api/v1/configmaps?limit=500". */
  readonly path: string;
  /** Media types; default JSON. */
  readonly accept?: string;
  /** Left out: a GET. */
  readonly send?: RequestBody;
  /** It is a page of a list: large, and read for as long as its consumer takes. */
  readonly list?: boolean;
  /** What to do after 403, where the caller knows it better: "kubectl auth can-i list widgets.example.com". */
  readonly whenForbidden?: string;
  /** What to do after 404, where the caller knows that every cluster has it. */
  readonly whenMissing?: string;
}

/** What a request carries, and how. */
export interface RequestBody {
  readonly method: "POST" | "PATCH" | "PUT" | "DELETE";
  readonly contentType: string;
  readonly text: string;
  /** What is sent holds secrets: what the server quotes of it is not repeated. */
  readonly secret?: boolean;
}

/** An answer 2xx. */
export interface KubeAnswer {
  readonly status: number;
  /** The API server's warnings, in its words. */
  readonly warnings: readonly string[];
  readonly body: AnswerBody;
}

/** The body of an answer 2xx; pausing the iteration pauses the server. Ends the connection when it is left early. */
export type AnswerBody = AsyncIterableIterator<Uint8Array>;

/** Sends requests to one cluster over its one agent. */
export interface KubeHttp {
  /**
   * Sends once; a 401 is answered with fresh credentials, once.
   * @throws KubeError for any answer but 2xx, and for none; the iteration throws "unavailable" for a body that breaks off
   */
  open(request: KubeRequest, call: Call): Promise<KubeAnswer>;
  close(): Promise<void>;
}

/** What the transport needs of its surroundings. */
export interface KubeHttpOptions {
  /** The server's address, with the path it lives under. */
  readonly server: URL;
  readonly credentials: CredentialSource;
  /** Asks for compressed answers. */
  readonly gzip: boolean;
  /** Waited for before anything is sent. */
  readonly rate: RequestRate;
  readonly newDispatcher: (tls: TlsMaterial) => Dispatcher;
}

/** Makes the transport. */
export function createKubeHttp({ server, credentials, gzip, rate, newDispatcher }: KubeHttpOptions): KubeHttp {
  const agent = createAgentKeeper(newDispatcher);
  const below = server.pathname.replace(/\/+$/, "");
  const common = {
    "user-agent": `kubeferry/${VERSION}`,
    ...(gzip ? { "accept-encoding": "gzip" } : {}),
  };

  async function send(request: KubeRequest, using: Credentials, call: Call): Promise<Dispatcher.ResponseData> {
    const { send: sent } = request;
    await rate.turn(call);
    try {
      return await agent.for(using.tls).request({
        origin: server.origin,
        path: below + request.path,
        method: sent?.method ?? "GET",
        headers: {
          ...common,
          accept: request.accept ?? "application/json",
          ...(sent === undefined ? {} : { "content-type": sent.contentType }),
          ...using.headers,
        },
        body: sent?.text ?? null,
        signal: call.signal,
      });
    } catch (error) {
      throw connectionError(
        { operation: request.operation, server: server.origin, cause: error, noAnswer: true },
        call,
      );
    }
  }

  return {
    async open(request, call) {
      call.signal.throwIfAborted();
      const used = await credentials.current(call);
      let answer = await send(request, used, call);
      if (answer.statusCode === 401) {
        await answer.body.dump();
        credentials.refuse(used);
        answer = await send(request, await credentials.current(call), call);
      }
      const body = answerBody(answer, request.operation, server.origin, call);
      if (answer.statusCode >= 200 && answer.statusCode <= 299) {
        return { status: answer.statusCode, warnings: warningsOf(answer.headers.warning), body };
      }
      throw await answerError(request, answer, body);
    },
    close: () => agent.close(),
  };
}

interface AgentKeeper {
  for(tls: TlsMaterial): Dispatcher;
  close(): Promise<void>;
}

/** Keeps one agent for as long as certificate, key and authority stay what they are. */
function createAgentKeeper(newDispatcher: (tls: TlsMaterial) => Dispatcher): AgentKeeper {
  let current: { readonly tls: TlsMaterial; readonly identity: string; readonly dispatcher: Dispatcher } | undefined;
  return {
    for(tls) {
      // The same object in nearly every request: certificates are some kilobytes to compare.
      if (current?.tls === tls) return current.dispatcher;
      const identity = JSON.stringify(tls);
      if (current?.identity === identity) return current.dispatcher;
      // Requests under way end on the old one; what closing it might say concerns nobody any more.
      current?.dispatcher.close().catch(() => undefined);
      current = { tls, identity, dispatcher: newDispatcher(tls) };
      return current.dispatcher;
    },
    async close() {
      await current?.dispatcher.destroy();
      current = undefined;
    },
  };
}
