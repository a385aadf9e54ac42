import { GitError, type RemoteBranch, type WorkTree } from "@kubeferry/git";
import type { PullRequestResult } from "@kubeferry/git-platform";
import type { Call } from "@kubeferry/model";
import type { LastLook } from "../guard/check-bytes.ts";
import { OWNERSHIP_FILE } from "../layout/ownership.ts";
import { code } from "../markdown.ts";
import { isEmpty, type Plan } from "../plan/plan.ts";
import type { Source } from "../read/source.ts";
import type { RepositoryShape } from "../shape/shape.ts";
import type { Spool } from "../spool.ts";
import { type ChosenBranch, chooseBranch } from "./choose-branch.ts";
import { commitMessage } from "./commit-message.ts";
import type { Host, RequestText } from "./host.ts";
import { writePlan } from "./write-plan.ts";

/** What publishing needs. */
export interface Publishing {
  readonly tree: WorkTree;
  readonly shape: RepositoryShape;
  readonly plan: Plan;
  readonly text: RequestText;
  readonly host: Host;
  readonly spool: Spool;
  readonly sources: readonly Source[];
  /** The configured branch. */
  readonly branch: string;
  readonly runId: string;
  readonly lastLook: LastLook;
}

/** What was published. */
export interface Published {
  /** "" when no commit was needed. */
  readonly commit: string;
  readonly branch: string;
  readonly request: PullRequestResult | undefined;
}

/**
 * Brings the plan to the branch and its request. The branch is set once, to one commit on the base tip, and only when
 * it does not already hold what is wanted.
 * @throws GitError "conflict" when the branch moved meanwhile: plan again; GitOpsError "blocked"; PlatformError
 */
export async function publish(publishing: Publishing, call: Call): Promise<Published> {
  const { tree, plan } = publishing;
  const branch = await chooseBranch(tree, publishing.branch, publishing.sources, call);
  if (isEmpty(plan)) return withdraw(branch, publishing, call);
  await writePlan(plan, publishing, call);
  if (branch.remote !== undefined && (await proposesAll(branch.remote, publishing, call))) {
    const request = await publishing.host.leave(branch.name, publishing.text, call);
    return { commit: "", branch: branch.name, request };
  }
  const commit = await tree.commit(
    commitMessage(plan, publishing.sources, publishing.runId),
    publishing.shape.roots,
    call,
  );
  if (commit === undefined) return withdraw(branch, publishing, call);
  await tree.push(commit, branch.name, branch.remote?.commit, call);
  call.log.info("branch pushed", { operation: "git_push", branch: branch.name, commit });
  const request = await publishing.host.propose(branch.name, publishing.text, call);
  await tellPassedOver(branch, request, publishing, call);
  return { commit, branch: branch.name, request };
}

/**
 * Whether merging a branch as it is gives what is wanted, in every folder of ours on either side: it holds that, and the
 * base has not moved there since the branch left it. A merge that was reverted leaves a branch that holds everything and
 * brings nothing.
 */
async function proposesAll(branch: RemoteBranch, { tree, plan, shape }: Publishing, call: Call): Promise<boolean> {
  const files = await tree.listFiles(branch.commit, "", call);
  const marked = files.flatMap(({ path }) => {
    const logical = shape.parse(path);
    return logical?.path === OWNERSHIP_FILE ? [logical.folder] : [];
  });
  const folders = new Set([...marked, ...plan.folders.map(({ folder }) => folder)]);
  const isOfThem = (path: string) => folders.has(shape.parse(path)?.folder ?? "");
  const { added, modified, removed } = await tree.changesAgainst(branch.commit, shape.roots, call);
  if ([...added, ...modified, ...removed].some(isOfThem)) return false;
  if (branch.leftBaseAt.length === 0) return false;
  const now = await contentOf(tree.baseCommit, isOfThem, tree, call);
  for (const commit of branch.leftBaseAt) if ((await contentOf(commit, isOfThem, tree, call)) !== now) return false;
  return true;
}

/** One text for everything that some files hold at a commit. */
async function contentOf(
  commit: string,
  isMeant: (path: string) => boolean,
  tree: WorkTree,
  call: Call,
): Promise<string> {
  const files = await tree.listFiles(commit, "", call);
  return files.flatMap(({ path, blob }) => (isMeant(path) ? [`${blob} ${path}`] : [])).join("\n");
}

/** Nothing to propose: an open request would only mislead, and so would the branch behind it. */
async function withdraw(branch: ChosenBranch, publishing: Publishing, call: Call): Promise<Published> {
  const { host, tree } = publishing;
  if (branch.remote === undefined) return { commit: "", branch: branch.name, request: undefined };
  const request = await host.withdraw(branch.name, reasonToWithdraw(publishing.plan), call);
  const stale = branch.remote.commits.length > 0 || request !== undefined;
  if (stale) await deleteBranch(tree, branch.name, branch.remote.commit, call);
  return { commit: "", branch: branch.name, request };
}

function reasonToWithdraw({ folders }: Plan): string {
  const left = folders.filter(({ wanted }) => wanted === undefined).map(({ folder }) => code(folder));
  if (left.length === 0)
    return "The base branch already holds what this request proposed, so there is nothing left to merge.";
  const why = "people edited it in the base branch, it was made from another cluster, or it is too large";
  return `Nothing is left to propose: ${left.join(", ")} ${left.length === 1 ? "is left as it is" : "are left as they are"} (${why}), and the base branch holds the rest.`;
}

async function deleteBranch(tree: WorkTree, branch: string, expected: string, call: Call): Promise<void> {
  try {
    await tree.deleteRemoteBranch(branch, expected, call);
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    // The branch holds nothing that is not in the base: that it stays does no harm.
    call.log.warn("branch without a proposal could not be deleted", { operation: "git_push", branch, error });
  }
}

/** Says on the request of a branch that people work on where our part of it goes on. Said once: when that begins. */
async function tellPassedOver(
  { name, remote, passedOver }: ChosenBranch,
  request: PullRequestResult | undefined,
  { host }: Publishing,
  call: Call,
): Promise<void> {
  const before = passedOver.at(-1);
  if (before === undefined || remote !== undefined) return;
  const where = request === undefined ? `branch \`${name}\`` : request.pullRequest.url;
  const text = `This branch has commits that are not kubeferry's, so kubeferry leaves it alone. What the cluster holds now is proposed in ${where}.`;
  await host.tell(before, text, call);
}
