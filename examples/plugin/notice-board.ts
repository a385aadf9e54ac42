import {
  type BranchPair,
  createForgeHttp,
  type ForgeHttp,
  type ForgeHttpOptions,
  type GitPlatform,
  type PullRequest,
  type RepoRef,
} from "@kubeferry/git-platform";
import type { Call, Secret } from "@kubeferry/model";
import { z } from "zod";

/** How a notice board is reached. */
export interface NoticeBoardOptions {
  /** "https://board.example.com/api" */
  readonly apiUrl: string;
  readonly token: Secret;
  /** For tests: how long one try may take, and how tries are repeated. */
  readonly timeoutMs?: number;
  readonly repeating?: NonNullable<ForgeHttpOptions["repeating"]>;
}

const Notice = z.object({
  number: z.number(),
  url: z.string(),
  from: z.string(),
  to: z.string(),
  title: z.string(),
  body: z.string(),
});
const About = z.object({ product: z.string(), user: z.string() });
const Repository = z.object({ url: z.string(), defaultBranch: z.string() });
const Remark = z.object({ id: z.number(), text: z.string(), author: z.string() });
const NOTHING_BESIDE = {
  draft: false,
  labels: false,
  reviewers: false,
  teamReviewers: false,
  assignees: false,
  milestone: false,
  autoMerge: false,
  commitStatus: false,
} as const;

/** A platform of one's own: a board that holds requests and remarks, and nothing beside. */
export function createNoticeBoard({ token, ...options }: NoticeBoardOptions): GitPlatform {
  const authorize = () => ({ authorization: `Bearer ${token.reveal()}` });
  const http = createForgeHttp({ who: "notice-board", ...options, authorize });
  return {
    id: "notice-board",
    limits: { titleLength: 200, bodyLength: 4_000, commentLength: 2_000, statusLength: 1 },
    async getHost(call) {
      const operation = "look at the board";
      const { product, user } = await http.json({ method: "GET", path: "/about", answer: About, operation }, call);
      return { product, can: NOTHING_BESIDE, user, scopes: undefined };
    },
    async getRepository(repo, call) {
      const operation = `look at ${repo.owner}/${repo.name}`;
      const found = await http.json({ method: "GET", path: pathOf(repo), answer: Repository, operation }, call);
      return { repo, ...found, empty: false, archived: false, canPush: undefined, takesPullRequests: true };
    },
    async getBranchRules(repo, branch, call) {
      const path = `${pathOf(repo)}/branches/${encodeURIComponent(branch)}`;
      await http.done({ method: "GET", path, operation: `look at branch ${branch}` }, call);
      return { protected: undefined, mayPush: undefined, requiredStatuses: [] };
    },
    async findOpenPullRequest(repo, branches, call) {
      for await (const notice of openNotices(http, repo, branches, call)) {
        if (notice.from === branches.from && notice.to === branches.to) return toPullRequest(repo, notice);
      }
      return undefined;
    },
    async createPullRequest(repo, { from, to, title, body }, call) {
      const request = { method: "POST", path: `${pathOf(repo)}/notices`, body: { from, to, title, body } } as const;
      const operation = `open a request ${from} -> ${to}`;
      return toPullRequest(repo, await http.json({ ...request, answer: Notice, operation }, call));
    },
    async updatePullRequest(open, changes, call) {
      const request = { method: "PATCH", path: noticePath(open), body: changes, answer: Notice } as const;
      return toPullRequest(
        open.repo,
        await http.json({ ...request, operation: `change request ${open.number}` }, call),
      );
    },
    async closePullRequest(open, call) {
      const request = { method: "PATCH", path: noticePath(open), body: { open: false } } as const;
      await http.done({ ...request, operation: `close request ${open.number}` }, call);
    },
    async comment(open, text, call) {
      const request = { method: "POST", path: `${noticePath(open)}/remarks`, body: { text } } as const;
      await http.done({ ...request, operation: `remark on request ${open.number}` }, call);
    },
    async *listComments(open, call) {
      const request = { path: `${noticePath(open)}/remarks`, item: Remark, paging: "number" } as const;
      const remarks = http.pages({ ...request, operation: `list remarks on request ${open.number}` }, call);
      for await (const { id, text, author } of remarks) yield { id: String(id), text, author };
    },
    async updateComment(open, { id }, text, call) {
      const request = { method: "PATCH", path: `${noticePath(open)}/remarks/${id}`, body: { text } } as const;
      await http.done({ ...request, operation: `change a remark on request ${open.number}` }, call);
    },
    // What `can` denies is never asked for.
    addToPullRequest: async () => [],
    getCommitStatus: async () => undefined,
    setCommitStatus: async () => undefined,
    enableAutoMerge: async () => undefined,
    cancelAutoMerge: async () => undefined,
    close: () => http.close(),
  };
}

function openNotices(http: ForgeHttp, repo: RepoRef, { from, to }: BranchPair, call: Call) {
  const operation = `find the request ${from} -> ${to}`;
  return http.pages({ path: `${pathOf(repo)}/notices`, item: Notice, paging: "number", operation }, call);
}

function toPullRequest(repo: RepoRef, notice: z.infer<typeof Notice>): PullRequest {
  return { ...notice, repo, draft: false, labels: [] };
}

function pathOf({ owner, name }: RepoRef): string {
  return `/repos/${encodeURIComponent(owner)}/${encodeURIComponent(name)}`;
}

function noticePath({ repo, number }: PullRequest): string {
  return `${pathOf(repo)}/notices/${number}`;
}
