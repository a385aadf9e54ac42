import { PlatformError, type PlatformErrorKind } from "../platform-error.ts";
import type { ForgeAnswer, ForgeRequest } from "./forge-http.ts";
import { isRateLimit, retryAfterMs } from "./retry-after.ts";

/** What an answer means: the words are ours, since a host's own may hold anything. */
export interface Meaning {
  readonly kind: PlatformErrorKind;
  readonly problem: string;
  readonly next?: string;
}

/** A host's own reading of an answer that is an error; undefined leaves it to the status. */
export type Explain = (answer: ForgeAnswer, request: ForgeRequest) => Meaning | undefined;

/** Gives the error that an answer stands for; undefined for one that is none. */
export function answerError(
  who: string,
  request: ForgeRequest,
  answer: ForgeAnswer,
  explain: Explain = () => undefined,
): PlatformError | undefined {
  // 203 is how a host shows its sign-in page to a token that it does not accept.
  const { operation } = request;
  if (answer.status >= 200 && answer.status < 300 && answer.status !== 203) return pageInstead(who, request, answer);
  if (isRateLimit(answer)) return rateLimited(who, operation, answer);
  const { status } = answer;
  return new PlatformError({ who, operation, status, ...(explain(answer, request) ?? meaningOf(answer)) });
}

// A portal on the way, or another server: nothing was done, even where nobody reads the answer.
function pageInstead(
  who: string,
  { operation }: ForgeRequest,
  { status, headers }: ForgeAnswer,
): PlatformError | undefined {
  if (!/^text\/html\b/i.test(headers["content-type"] ?? "")) return undefined;
  const problem = "the answer is text/html and not JSON";
  const next = "is this the address of the host itself, and of the right kind of host?";
  return new PlatformError({ kind: "invalid", who, operation, problem, next, status });
}

function rateLimited(who: string, operation: string, answer: ForgeAnswer): PlatformError {
  const waitMs = retryAfterMs(answer, Date.now());
  const next = waitMs === undefined ? "run again later" : `run again in ${Math.ceil(waitMs / 1000)} s`;
  const problem = "the host's limit of requests is used up";
  return new PlatformError({
    kind: "rate-limited",
    who,
    operation,
    problem,
    next,
    retryAfterMs: waitMs,
    status: answer.status,
  });
}

function meaningOf({ status, headers }: ForgeAnswer): Meaning {
  const problem = `the host answered ${status}`;
  if (status >= 500 || status === 408) return { kind: "unavailable", problem, next: "run again" };
  if (status >= 300 && status < 400) return redirected(status, headers.location);
  switch (status) {
    case 203:
    case 401:
      return { kind: "denied", problem: `${problem}: the token is not accepted`, next: "check repository.token" };
    case 403:
    case 423:
      return { kind: "denied", problem: `${problem}: not allowed`, next: "check what the token may do" };
    case 404:
    case 410:
      return { kind: "not-found", problem, next: "check repository.url, and that the token may see the repository" };
    case 409:
    case 412:
      return { kind: "conflict", problem, next: "run again" };
    default:
      return { kind: "invalid", problem };
  }
}

function redirected(status: number, location: string | undefined): Meaning {
  const to = location !== undefined && URL.canParse(location) ? ` to ${new URL(location).origin}` : "";
  const problem = `the host answered ${status} and sends on${to}, where the token is not sent`;
  return { kind: "invalid", problem, next: "write the new address in repository.url" };
}
