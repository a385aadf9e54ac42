import type { Call } from "@kubeferry/model";
import type { Capabilities } from "../capabilities.ts";
import type { Comment, GitPlatform, HostInfo, PullRequest, RepoRef } from "../platform.ts";
import { commentsOn, NOTHING, WANT } from "./suite.contract.ts";

/** One method of the interface, with arguments that would succeed. */
export interface Method {
  readonly name: Exclude<keyof GitPlatform, "id" | "limits" | "close">;
  readonly needs?: keyof Capabilities;
  readonly act: (platform: GitPlatform, on: ActedOn, call: Call) => Promise<unknown>;
}

/** What the methods are asked about. */
export interface ActedOn {
  readonly repo: RepoRef;
  /** An open request from `WANT.from`. */
  readonly open: PullRequest;
  /** A comment on it. */
  readonly comment: Comment;
  readonly commit: string;
  /** A branch without a request. */
  readonly free: string;
  /** A label that the repository has. */
  readonly label: string;
}

/** The methods that a host has, with what it says that it can do. */
export function methodsOf({ can }: HostInfo): readonly Method[] {
  return METHODS.filter(({ needs }) => needs === undefined || can[needs]);
}

const STATUS = {
  context: "kubeferry/validation",
  state: "success",
  description: "fine",
  url: "https://example.com/",
} as const;

const METHODS: readonly Method[] = [
  { name: "getHost", act: (platform, _on, call) => platform.getHost(call) },
  { name: "getRepository", act: (platform, { repo }, call) => platform.getRepository(repo, call) },
  { name: "getBranchRules", act: (platform, { repo }, call) => platform.getBranchRules(repo, "main", call) },
  { name: "findOpenPullRequest", act: (platform, { repo }, call) => platform.findOpenPullRequest(repo, WANT, call) },
  {
    name: "createPullRequest",
    act: (platform, { repo, free }, call) => platform.createPullRequest(repo, { ...WANT, from: free }, call),
  },
  {
    name: "updatePullRequest",
    act: (platform, { open }, call) => platform.updatePullRequest(open, { title: "Other" }, call),
  },
  {
    name: "addToPullRequest",
    needs: "labels",
    act: (platform, { open, label }, call) => platform.addToPullRequest(open, { ...NOTHING, labels: [label] }, call),
  },
  { name: "closePullRequest", act: (platform, { open }, call) => platform.closePullRequest(open, call) },
  { name: "comment", act: (platform, { open }, call) => platform.comment(open, "text", call) },
  { name: "listComments", act: (platform, { open }, call) => commentsOn(platform, open, call) },
  {
    name: "updateComment",
    act: (platform, { open, comment }, call) => platform.updateComment(open, comment, "other text", call),
  },
  {
    name: "getCommitStatus",
    needs: "commitStatus",
    act: (platform, { repo, commit }, call) => platform.getCommitStatus(repo, commit, STATUS.context, call),
  },
  {
    name: "setCommitStatus",
    needs: "commitStatus",
    act: (platform, { repo, commit }, call) => platform.setCommitStatus(repo, commit, STATUS, call),
  },
  {
    name: "enableAutoMerge",
    needs: "autoMerge",
    act: (platform, { open, commit }, call) => platform.enableAutoMerge(open, { method: "merge", commit }, call),
  },
  {
    name: "cancelAutoMerge",
    needs: "autoMerge",
    act: (platform, { open }, call) => platform.cancelAutoMerge(open, call),
  },
];
