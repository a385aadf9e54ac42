import type { Call, Secret } from "@kubeferry/model";
import type { ZodType } from "zod";
import { PlatformError } from "../platform-error.ts";
import { answerError, type Explain } from "./answer-error.ts";
import { createConnections } from "./connections.ts";
import { createKnownAnswers } from "./etag.ts";
import { exchange } from "./exchange.ts";
import { createPace } from "./pace.ts";
import { type PagesRequest, pagesOf } from "./pages.ts";
import { parseAnswer } from "./parse-answer.ts";
import { DEFAULT_REPEATING, type Repeating, withRepeats } from "./repeat.ts";

/** The methods that hosts use. POST and PATCH are never repeated: what they did the first time is not known. */
export type HttpMethod = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** Parameters behind the "?"; undefined ones are left out. */
export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

/** One request to a host's API. */
export interface ForgeRequest {
  readonly method: HttpMethod;
  /** Below the API's address, segments encoded: "/repos/acme/fleet/pulls". */
  readonly path: string;
  readonly query?: Query;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Beside the usual ones, or instead of them; names in lower case: "accept", "if-match". */
  readonly headers?: Readonly<Record<string, string>>;
  /** For people, in errors: "open pull request acme/fleet a -> b". */
  readonly operation: string;
}

/** What came back, whatever its status. */
export interface ForgeAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** Where a host is and how it is talked to. */
export interface ForgeHttpOptions {
  /** Who speaks in errors: "gitea". */
  readonly who: string;
  /** "https://git.example.com/api/v1"; nothing is ever sent to another origin. */
  readonly apiUrl: string;
  /** Headers with the credential, asked for before each request, so that a short-lived token can be renewed. */
  readonly authorize: () => Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>;
  /** What this host means by an answer, where the status alone does not say it. */
  readonly explain?: Explain;
  /** Certificate authorities in PEM, used instead of Node's. */
  readonly certificateAuthorities?: string;
  /** "http://proxy.example.com:3128", with a user and password where it wants them; instead of what the environment names. */
  readonly proxy?: Secret;
  /** For one try, answer's body included; 30 seconds when left out. */
  readonly timeoutMs?: number;
  readonly repeating?: Partial<Repeating>;
}

/** The HTTP client of all hosts: authorisation, proxy, time limit, rate limits, ETags, paging, errors without secrets. */
export interface ForgeHttp {
  /** @returns the parsed answer
   * @throws PlatformError by status and `explain`; "invalid" for something else than the JSON that was expected */
  json<T>(request: ForgeRequest & { readonly answer: ZodType<T> }, call: Call): Promise<T>;
  /** As `json`, for answers that nobody reads. */
  done(request: ForgeRequest, call: Call): Promise<void>;
  /** Yields the items of every page, asking for a page when it is needed. */
  pages<T>(request: PagesRequest<T>, call: Call): AsyncIterable<T>;
  /** The plain exchange behind the others, for clients that bring their own reading of an answer. Any status is an
   * answer here; what may be repeated has been. */
  send(request: ForgeRequest, call: Call): Promise<ForgeAnswer>;
  /** What the others do with what `send` brought. @throws PlatformError by status and `explain` */
  check(request: ForgeRequest, answer: ForgeAnswer): void;
  close(): Promise<void>;
}

const DEFAULT_TIMEOUT_MS = 30_000;

/**
 * Creates a client for one host. Without `proxy`, HTTP_PROXY, HTTPS_PROXY and NO_PROXY count.
 * @throws PlatformError "invalid" for an address, of the host or the proxy, that cannot be used
 */
export function createForgeHttp(options: ForgeHttpOptions): ForgeHttp {
  const { who } = options;
  const apiUrl = checkApiUrl(who, options.apiUrl);
  const repeating = { ...DEFAULT_REPEATING, ...options.repeating };
  const connections = createConnections({
    who,
    certificateAuthorities: options.certificateAuthorities,
    proxy: options.proxy,
  });
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const known = createKnownAnswers();
  const pace = createPace(repeating);
  const host = { who, apiUrl, connections, timeoutMs, authorize: options.authorize };
  const send: ForgeHttp["send"] = (request, call) =>
    withRepeats(repeating, request.method, call, async () => {
      await pace.ready(call);
      const answer = await exchange(host, known.conditional(request), call);
      pace.note(answer);
      return known.resolve(request, answer);
    });

  async function accepted(request: ForgeRequest, call: Call): Promise<ForgeAnswer> {
    const answer = await send(request, call);
    check(request, answer);
    return answer;
  }
  function check(request: ForgeRequest, answer: ForgeAnswer): void {
    const error = answerError(who, request, answer, options.explain);
    if (error !== undefined) throw error;
  }

  return {
    send,
    check,
    json: async (request, call) => parseAnswer(who, request, await accepted(request, call), request.answer),
    async done(request, call) {
      await accepted(request, call);
    },
    pages: (request, call) => pagesOf({ who, apiUrl }, request, (page) => accepted(page, call)),
    close: () => connections.close(),
  };
}

function checkApiUrl(who: string, text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const usable = url !== undefined && /^https?:$/.test(url.protocol) && url.username === "" && url.password === "";
  if (usable && url.search === "" && url.hash === "") return text.replace(/\/+$/, "");
  throw new PlatformError({
    kind: "invalid",
    who,
    operation: "read repository.apiUrl",
    problem: "it is no plain http or https address",
    next: "write it like https://git.example.com/api/v1, without credentials",
  });
}
