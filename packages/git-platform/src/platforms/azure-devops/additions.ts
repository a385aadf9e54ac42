import type { Call } from "@kubeferry/model";
import type { ForgeHttp } from "../../http/forge-http.ts";
import type { NotAdded, PullRequest, PullRequestAdditions } from "../../platform.ts";
import { PlatformError } from "../../platform-error.ts";
import { findPeople, findTeam } from "./identities.ts";
import { API_VERSION, namedPull, partsPath } from "./paths.ts";
import { readLabels, readPull } from "./requests.ts";

/** Labels and reviewers, one request each. Azure has no list of labels: a new one comes to be by its first use. */
export async function addToPull(
  http: ForgeHttp,
  open: PullRequest,
  add: PullRequestAdditions,
  call: Call,
): Promise<readonly NotAdded[]> {
  const operation = `look at ${namedPull(open)}`;
  const { reviewers } = await readPull(http, open, operation, call);
  const present = new Set((reviewers ?? []).map(({ id }) => id.toLowerCase()));
  return [
    ...(await addLabels(http, open, add.labels, call)),
    ...(await addReviewers({ http, open, present }, add.reviewers, call)),
    ...(await addTeams({ http, open, present }, add.teamReviewers, call)),
  ];
}

async function addLabels(
  http: ForgeHttp,
  open: PullRequest,
  wanted: readonly string[],
  call: Call,
): Promise<readonly NotAdded[]> {
  if (wanted.length === 0) return [];
  const there = new Set((await readLabels(http, open, call)).map((name) => name.toLowerCase()));
  const refused: NotAdded[] = [];
  for (const name of wanted.filter((one) => !there.has(one.toLowerCase()))) {
    const operation = `label ${namedPull(open)}`;
    const request = { method: "POST", path: `${partsPath(open)}/labels`, query: API_VERSION, operation } as const;
    if (!(await isTaken(http.done({ ...request, body: { name } }, call)))) {
      refused.push({ what: "label", name, why: "the host does not take it as a label" });
    }
  }
  return refused;
}

interface Review {
  readonly http: ForgeHttp;
  readonly open: PullRequest;
  /** Ids in lower case. To ask somebody again would take their vote away. */
  readonly present: Set<string>;
}

async function addReviewers(review: Review, wanted: readonly string[], call: Call): Promise<readonly NotAdded[]> {
  if (wanted.length === 0) return [];
  const { found, missing } = await findPeople(review.http, review.open.repo, wanted, call);
  const refused: NotAdded[] = missing.map(({ name, why }) => ({ what: "reviewer", name, why }));
  for (const { id, name } of found) {
    if (!(await ask(review, id, call))) refused.push({ what: "reviewer", name, why: "the host refuses this reviewer" });
  }
  return refused;
}

async function addTeams(review: Review, wanted: readonly string[], call: Call): Promise<readonly NotAdded[]> {
  const refused: NotAdded[] = [];
  for (const name of wanted) {
    const id = await findTeam(review.http, review.open.repo, name, call);
    if (id === undefined) refused.push({ what: "team", name, why: "the project has no such team" });
    else if (!(await ask(review, id, call))) refused.push({ what: "team", name, why: "the host refuses this team" });
  }
  return refused;
}

async function ask({ http, open, present }: Review, id: string, call: Call): Promise<boolean> {
  if (present.has(id.toLowerCase())) return true;
  const path = `${partsPath(open)}/reviewers/${encodeURIComponent(id)}`;
  const operation = `ask for a review of ${namedPull(open)}`;
  const request = { method: "PUT", path, query: API_VERSION, body: { vote: 0, isRequired: false }, operation } as const;
  const taken = await isTaken(http.done(request, call));
  if (taken) present.add(id.toLowerCase());
  return taken;
}

// False when the host refuses what is named; errors of any other kind are the caller's.
async function isTaken(change: Promise<void>): Promise<boolean> {
  try {
    await change;
    return true;
  } catch (error) {
    if (error instanceof PlatformError && error.kind === "invalid" && error.status === 400) return false;
    throw error;
  }
}
