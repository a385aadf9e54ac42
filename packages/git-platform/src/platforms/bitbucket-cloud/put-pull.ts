import type { Call } from "@kubeferry/model";
import type { ForgeAnswer } from "../../http/forge-http.ts";
import { parseAnswer } from "../../http/parse-answer.ts";
import type { PullRequest } from "../../platform.ts";
import { PlatformError } from "../../platform-error.ts";
import { ask, type CloudApi, WHO } from "./api.ts";
import { faultOf } from "./errors.ts";
import { namedPull, pullPath } from "./paths.ts";
import { type CloudAccount, CloudPull } from "./schema.ts";

/** A request as it is to be, whole: what a PUT does not name, Bitbucket clears. */
export interface WantedPull {
  /** As it is now. */
  readonly now: CloudPull;
  readonly title: string;
  readonly text: string;
  readonly reviewers: readonly CloudAccount[];
}

/**
 * Changes a request. One reviewer who cannot be asked (its author, someone who left the workspace) makes Bitbucket
 * refuse all of it: then it is sent again without those.
 * @returns the request as it is afterwards, and whom the host refused
 */
export async function putPull(
  api: CloudApi,
  open: PullRequest,
  want: WantedPull,
  call: Call,
): Promise<{ readonly pull: CloudPull; readonly refused: readonly CloudAccount[] }> {
  const refused: CloudAccount[] = [];
  for (;;) {
    const reviewers = want.reviewers.filter((one) => !refused.includes(one));
    const body = bodyOf({ ...want, reviewers });
    const request = { method: "PUT", path: pullPath(open), body, operation: `change ${namedPull(open)}` } as const;
    const { answer, error } = await ask(api, request, call);
    if (error === undefined) return { pull: parseAnswer(WHO, request, answer, CloudPull), refused };
    const named = await refusedBy(api, open, { answer, reviewers, present: want.now.reviewers ?? [] }, call);
    if (named.length === 0) throw error;
    refused.push(...named);
  }
}

function bodyOf({ now, title, text, reviewers }: WantedPull): Readonly<Record<string, unknown>> {
  const { draft, close_source_branch } = now;
  return {
    title,
    description: text,
    reviewers: reviewers.map(({ uuid }) => ({ uuid })),
    ...(draft === undefined ? {} : { draft }),
    ...(typeof close_source_branch === "boolean" ? { close_source_branch } : {}),
  };
}

interface Refusal {
  readonly answer: ForgeAnswer;
  readonly reviewers: readonly CloudAccount[];
  readonly present: readonly CloudAccount[];
}

// "Ada Lovelace is the author and cannot be included as a reviewer." names one; "Malformed reviewers list" nobody.
async function refusedBy(
  api: CloudApi,
  open: PullRequest,
  { answer, reviewers, present }: Refusal,
  call: Call,
): Promise<readonly CloudAccount[]> {
  const said = answer.status === 400 ? faultOf(answer)?.fields?.reviewers : undefined;
  if (said === undefined) return [];
  const messages = [said].flat();
  const named = reviewers.filter((one) => messages.some((message) => isAbout(message, one)));
  if (named.length > 0) return named;
  const gone: CloudAccount[] = [];
  for (const one of reviewers) {
    if ((await isMember(api, open.repo.owner, one, call)) === false) gone.push(one);
  }
  // When nothing tells who it is, it is one of those who were not there before.
  const were = new Set(present.map(({ uuid }) => uuid));
  return gone.length > 0 ? gone : reviewers.filter(({ uuid }) => !were.has(uuid));
}

function isAbout(message: string, { uuid, display_name, nickname }: CloudAccount): boolean {
  return [uuid, display_name, nickname].some((name) => (name ?? "") !== "" && message.startsWith(`${name} is `));
}

// undefined where the token may not look.
async function isMember(
  { http }: CloudApi,
  workspace: string,
  { uuid }: CloudAccount,
  call: Call,
): Promise<boolean | undefined> {
  const path = `/workspaces/${encodeURIComponent(workspace)}/members/${encodeURIComponent(uuid)}`;
  try {
    await http.done({ method: "GET", path, operation: `look up a member of ${workspace}` }, call);
    return true;
  } catch (error) {
    if (error instanceof PlatformError && error.kind === "not-found") return false;
    if (error instanceof PlatformError && error.kind === "denied") return undefined;
    throw error;
  }
}
