import { createHash } from "node:crypto";
import {
  type CommentState,
  findPull,
  findRepository,
  type HostState,
  type PullState,
  pageOf,
  type RepositoryState,
  type StatusState,
} from "../../../testing/stand-in/host-state.ts";
import type { StandInAnswer, StandInRequest } from "../../../testing/stand-in/route.ts";

/** What Bitbucket Cloud remembers beyond what every host does. */
export interface CloudState {
  readonly host: HostState;
  /** The pull requests that come from a fork. */
  readonly fromForks: Set<PullState>;
  /** Who has an account and has left the workspace. */
  readonly left: Set<string>;
  /** Whether the token may see members of the workspace and branch restrictions, as an administrator does. */
  admin: boolean;
  /** Whether an error about reviewers names nobody, as it does for accounts that were closed. */
  namesNobody: boolean;
}

/** As it is at first: two members beside the token's user, and somebody who left. */
export function resetCloud(state: CloudState): void {
  const { host, fromForks, left } = state;
  for (const each of [host.users, fromForks, left]) each.clear();
  host.repositories.splice(0);
  for (const name of ["robot", "ada", "grace"]) host.users.add(name);
  left.add("mallory");
  Object.assign(state, { admin: true, namesNobody: false });
}

/** Real pages are larger; a small one is crossed by fewer items. */
const PAGE_SIZE = 10;

/** "{…}", always the same for a name. */
export function uuidOf(name: string): string {
  const hex = createHash("sha256").update(name).digest("hex");
  return `{${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}}`;
}

/** Everybody has a full name that is not the nickname. */
export function fullName(name: string): string {
  return `${name.charAt(0).toUpperCase()}${name.slice(1)} Example`;
}

/** An account as answers hold it. */
export function accountJson(name: string): Readonly<Record<string, unknown>> {
  const account_id = `557058:${createHash("sha256").update(`account of ${name}`).digest("hex").slice(0, 24)}`;
  return { type: "user", uuid: uuidOf(name), account_id, nickname: name, display_name: fullName(name) };
}

/** A repository. */
export function repositoryJson({ owner, name, branches }: RepositoryState): Readonly<Record<string, unknown>> {
  return {
    type: "repository",
    full_name: `${owner}/${name}`,
    mainbranch: branches.size === 0 ? null : { type: "branch", name: "main" },
    links: { html: { href: `https://bitbucket.org/${owner}/${name}` } },
  };
}

/** A pull request; only a single one is answered with its reviewers. */
export function pullJson(
  { fromForks }: CloudState,
  repository: RepositoryState,
  pull: PullState,
  shape: "single" | "listed",
): Readonly<Record<string, unknown>> {
  const { owner, name, branches } = repository;
  const end = (branch: string, uuid: string) => ({
    branch: { name: branch },
    commit: { hash: branches.get(branch)?.slice(0, 12) },
    repository: { type: "repository", uuid },
  });
  const own = uuidOf(`${owner}/${name}`);
  return {
    type: "pullrequest",
    id: pull.number,
    title: pull.title,
    description: pull.body,
    summary: { type: "rendered", raw: pull.body, markup: "markdown" },
    state: { open: "OPEN", merged: "MERGED", closed: "DECLINED" }[pull.state],
    draft: pull.draft,
    close_source_branch: false,
    author: accountJson(pull.author),
    source: end(pull.from, fromForks.has(pull) ? uuidOf("a fork") : own),
    destination: end(pull.to, own),
    links: { html: { href: `https://bitbucket.org/${owner}/${name}/pull-requests/${pull.number}` } },
    ...(shape === "listed" ? {} : { reviewers: [...pull.reviewers].map(accountJson) }),
  };
}

/** A comment on a request. */
export function commentJson({ id, author, text }: CommentState): Readonly<Record<string, unknown>> {
  return {
    type: "pullrequest_comment",
    id,
    deleted: false,
    content: { type: "rendered", raw: text, markup: "markdown" },
    user: accountJson(author),
  };
}

/** A build status; `context` is its key. */
export function statusJson({ context, state, description, url }: StatusState): Readonly<Record<string, unknown>> {
  return { type: "build", key: context, name: context, state, description, url };
}

/** A page of a list, with the address of the next one in it. */
export function listed<T>(
  { path, url, query }: StandInRequest<{ readonly page?: string | undefined } | undefined, unknown>,
  items: readonly T[],
  toJson: (item: T) => unknown,
): StandInAnswer {
  const number = Number(query?.page ?? 1);
  const page = pageOf(items, { number, size: PAGE_SIZE });
  const next = new URL(path, url);
  next.searchParams.set("page", String(number + 1));
  const values = page.items.map(toJson);
  const json = { page: number, pagelen: PAGE_SIZE, size: items.length, values };
  return { status: 200, json: page.last ? json : { ...json, next: next.href } };
}

/** An error as Bitbucket writes it. */
export function fault(status: number, message: string, more: Readonly<Record<string, unknown>> = {}): StandInAnswer {
  return { status, json: { type: "error", error: { message, ...more } } };
}

/** Answers for the repository of a request, 404 where there is none. */
export function withRepository(
  { host }: CloudState,
  { params }: Pick<StandInRequest<unknown, unknown>, "params">,
  answer: (repository: RepositoryState) => StandInAnswer,
): StandInAnswer {
  const { workspace = "", repo = "" } = params;
  const repository = findRepository(host, workspace, repo);
  return repository === undefined ? fault(404, `Repository ${workspace}/${repo} not found`) : answer(repository);
}

/** The same for a pull request. */
export function withPull(
  state: CloudState,
  request: Pick<StandInRequest<unknown, unknown>, "params">,
  answer: (pull: PullState, repository: RepositoryState) => StandInAnswer,
): StandInAnswer {
  return withRepository(state, request, (repository) => {
    const pull = findPull(repository, request.params.number ?? "");
    return pull === undefined ? fault(404, "Not found.") : answer(pull, repository);
  });
}
