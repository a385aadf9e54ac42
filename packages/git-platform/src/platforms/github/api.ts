import { type Call, orAborted } from "@kubeferry/model";
import { throttling } from "@octokit/plugin-throttling";
import { Octokit } from "@octokit/rest";
import { type ZodType, z } from "zod";
import { answerError } from "../../http/answer-error.ts";
import type { ForgeAnswer, ForgeHttp, ForgeRequest, HttpMethod } from "../../http/forge-http.ts";
import type { PagesRequest } from "../../http/pages.ts";
import { parseAnswer } from "../../http/parse-answer.ts";
import { explainGitHub } from "./errors.ts";

/** GitHub's API: Octokit knows the routes and the pace, our client sends, and answers are read by our schemas. */
export interface GitHubApi {
  /** Sends one request by the methods of Octokit.
   * @throws PlatformError */
  ask<T>(
    request: { readonly operation: string; readonly answer: ZodType<T>; readonly send: Send },
    call: Call,
  ): Promise<T>;
  /** As `ask`, for answers that nobody reads. */
  done(request: { readonly operation: string; readonly send: Send }, call: Call): Promise<void>;
  /** As `ask`, with the answer's headers, their names in lower case. */
  whole<T>(
    request: { readonly operation: string; readonly answer: ZodType<T>; readonly send: Send },
    call: Call,
  ): Promise<{ readonly value: T; readonly headers: Readonly<Record<string, string>> }>;
  /** Yields the items of every page of a list, a page at a time. */
  pages<T>(request: Omit<PagesRequest<T>, "paging">, call: Call): AsyncIterable<T>;
}

/** Picks a method of Octokit and calls it, once. */
type Send = (github: Octokit) => Promise<unknown>;

const PAGE_SIZE = 100;
const PacedOctokit = Octokit.plugin(throttling);

/** What the API is reached by. */
export interface GitHubApiOptions {
  readonly http: ForgeHttp;
  readonly apiUrl: string;
  /** Whether writing requests keep the distance that GitHub asks for: 1 s, and 3 s where people are told. */
  readonly paced: boolean;
  /** Gets the credential, where it has to be asked for; before each request, so that no repetition asks for it again. */
  readonly ready: () => Promise<void>;
}

/** Sends nothing yet. */
export function createGitHubApi({ http, apiUrl, paced, ready }: GitHubApiOptions): GitHubApi {
  async function exchange(operation: string, send: Send, call: Call): Promise<Heard> {
    await orAborted(ready(), call.signal);
    const line: Line = { http, operation, call };
    const octokit = new PacedOctokit({
      baseUrl: apiUrl,
      request: { fetch: fetchOver(line) },
      log: SILENT,
      throttle: { enabled: paced, onRateLimit: neverAgain, onSecondaryRateLimit: neverAgain },
    });
    // Octokit waits for its turn without hearing the signal.
    await orAborted(settled(send(octokit), line), call.signal);
    if (line.heard === undefined) throw new Error(`${operation}: nothing was sent`);
    const error = answerError("github", line.heard.request, line.heard.answer, explainGitHub);
    if (error !== undefined) throw error;
    return line.heard;
  }

  const whole: GitHubApi["whole"] = async ({ operation, answer: schema, send }, call) => {
    const { request, answer } = await exchange(operation, send, call);
    return { value: parseAnswer("github", request, answer, schema), headers: answer.headers };
  };

  return {
    whole,
    ask: async (request, call) => (await whole(request, call)).value,
    async done({ operation, send }, call) {
      const { request, answer } = await exchange(operation, send, call);
      // A page of somebody between us and the host is no success.
      if (answer.text !== "") parseAnswer("github", request, answer, z.unknown());
    },
    async *pages(request, call) {
      await orAborted(ready(), call.signal);
      const query = { ...request.query, per_page: PAGE_SIZE };
      yield* http.pages({ ...request, query, paging: "link" }, call);
    },
  };
}

interface Heard {
  readonly request: ForgeRequest;
  readonly answer: ForgeAnswer;
}

/** One request on its way; then what was answered, or why nothing was. */
interface Line {
  readonly http: ForgeHttp;
  readonly operation: string;
  readonly call: Call;
  heard?: Heard;
  failure?: { readonly error: unknown };
}

/** `fetch`, as Octokit calls it, over our client: its time limit, proxy, certificates, credential and repetitions. */
function fetchOver(line: Line): typeof fetch {
  return async (url, init) => {
    const { body, method } = init ?? {};
    const request: ForgeRequest = {
      method: (method ?? "GET") as HttpMethod,
      path: String(url),
      ...(typeof body === "string" ? { body: JSON.parse(body) } : {}),
      operation: line.operation,
    };
    const answer = await line.http.send(request, line.call).catch((error: unknown) => {
      line.failure = { error };
      throw error;
    });
    line.heard = { request, answer };
    const { "content-type": type } = answer.headers;
    const headers = type === undefined ? {} : { "content-type": type };
    return new Response(answer.text === "" ? null : answer.text, { status: answer.status, headers });
  };
}

// What Octokit makes of an answer, or of none, is left to us: it would quote the answer.
async function settled(sending: Promise<unknown>, line: Line): Promise<void> {
  try {
    await sending;
  } catch (error) {
    if (line.failure !== undefined) throw line.failure.error;
    if (line.heard === undefined) throw error;
  }
}

// What may be sent again, our client has sent again.
function neverAgain(): boolean {
  return false;
}

const SILENT = { debug: quiet, info: quiet, warn: quiet, error: quiet };

function quiet(): void {
  // Our client logs what is sent.
}
