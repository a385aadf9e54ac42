import type { ForgeAnswer, ForgeRequest } from "./forge-http.ts";

/** Answers of one client that the host may say are still good, which costs it, and the quota, next to nothing. */
export interface KnownAnswers {
  /** The request with what makes the host compare; as it is when nothing is known. */
  conditional(request: ForgeRequest): ForgeRequest;
  /** The answer, or the kept one that it refers to; keeps what can be asked about later. */
  resolve(request: ForgeRequest, answer: ForgeAnswer): ForgeAnswer;
}

/** Lists of requests and a repository: more a run does not ask for twice. */
const MOST_ANSWERS = 64;
const LONGEST_TEXT = 1024 * 1024;

/** Keeps nothing at first; of many answers the newest. Only in memory, and only for the credential of this client. */
export function createKnownAnswers(): KnownAnswers {
  const known = new Map<string, { readonly etag: string; readonly answer: ForgeAnswer }>();
  return {
    conditional(request) {
      const kept = request.method === "GET" ? known.get(keyOf(request)) : undefined;
      return kept === undefined ? request : { ...request, headers: { ...request.headers, "if-none-match": kept.etag } };
    },
    resolve(request, answer) {
      if (request.method !== "GET") return answer;
      const key = keyOf(request);
      if (answer.status === 304) return refreshed(known.get(key)?.answer, answer);
      known.delete(key);
      const { etag } = answer.headers;
      if (answer.status !== 200 || etag === undefined || answer.text.length > LONGEST_TEXT) return answer;
      known.set(key, { etag, answer });
      const [oldest] = known.keys();
      if (known.size > MOST_ANSWERS && oldest !== undefined) known.delete(oldest);
      return answer;
    },
  };
}

// The text is the same; whether there is a next page by now, and what is left of the limit, the new headers say.
function refreshed(kept: ForgeAnswer | undefined, { headers }: ForgeAnswer): ForgeAnswer {
  if (kept === undefined) return { status: 304, headers, text: "" };
  const fresh = Object.entries(headers).filter(([name]) => !name.startsWith("content-"));
  return { ...kept, headers: { ...kept.headers, ...Object.fromEntries(fresh) } };
}

function keyOf({ path, query, headers }: ForgeRequest): string {
  return JSON.stringify([path, query, headers]);
}
