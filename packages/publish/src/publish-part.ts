import type { PullRequestResult } from "@kubeferry/git-platform";
import { allChanges, code, isEmpty, type Plan } from "@kubeferry/layout";
import { type Call, inSpan, untilPoint } from "@kubeferry/model";
import { type ChosenBranch, chooseBranch } from "./choose-branch.ts";
import type { Proposal } from "./host.ts";
import { likenessText } from "./likeness-text.ts";
import type { Part } from "./parts/part.ts";
import { factsOfPart } from "./parts/part-facts.ts";
import { proposesAll } from "./proposes-all.ts";
import { countFiles, NO_FILES, type Published } from "./published.ts";
import type { Publishing } from "./publishing.ts";
import { withdraw } from "./withdraw.ts";
import { commitMessage, requestText } from "./wording.ts";
import { writePlan } from "./write-plan.ts";

/**
 * Brings a part to its branch and its request. The branch is set once, to one commit on the base tip, and only when it
 * does not already hold what is wanted. The work tree is left with the part written into it. Told to stop before the
 * push, it pushes nothing; behind it the request is finished, for a branch without one would wait for the next run.
 * @throws GitError "conflict" when the branch moved meanwhile: plan again; GitOpsError "blocked"; PlatformError
 */
export async function publishPart(part: Part, publishing: Publishing, outer: Call): Promise<Published> {
  const { tree, gitops, host, shape } = publishing;
  const { name, plan } = part;
  const { call, pass: toBePushed } = untilPoint(outer);
  const branch = chooseBranch(publishing.branches, name);
  if (isEmpty(plan)) return takeBack(branch, part, publishing, call);
  await writePlan(plan, publishing, call);
  const likeness = await likenessText(part, publishing, call);
  const facts = { ...factsOfPart(publishing.facts, part), ...(likeness === undefined ? {} : { likeness }) };
  const removes = allChanges(plan).removed.length > 0;
  const text = requestText(facts, gitops, { branch: branch.name, longest: host.longestText });
  const proposal: Omit<Proposal, "commit"> = { text, removes, validation: facts.findings.validation };
  if (branch.remote !== undefined && (await proposesAll(branch.remote, part, publishing, call))) {
    const left = { ...proposal, commit: branch.remote.commit };
    const request = await inSpan(call, "request", {}, (inner) => host.leave(branch.name, left, inner));
    return { ...published(branch, part, { request }), standing: { kind: "proposed", proposal: left } };
  }
  const commit = await tree.commit(commitMessage(facts, gitops), shape.roots, call);
  if (commit === undefined) return takeBack(branch, part, publishing, call);
  toBePushed();
  // From the push on the open request holds the removal: a host must not merge it before it says so.
  if (removes) await host.hold(branch.name, call);
  await inSpan(call, "push", {}, (inner) => tree.push(commit, branch.name, branch.remote?.commit, inner));
  call.log.info("branch pushed", { operation: "git_push", branch: branch.name, commit });
  const request = await inSpan(call, "request", {}, (inner) =>
    host.propose(branch.name, { ...proposal, commit }, inner),
  );
  await tellPassedOver(branch, request, publishing, call);
  return published(branch, part, { request, commit });
}

function published(
  { name }: ChosenBranch,
  part: Part,
  { request, commit = "" }: { readonly request: PullRequestResult | undefined; readonly commit?: string },
): Published {
  return {
    part: part.name,
    branch: name,
    commit,
    outcome: request?.outcome ?? "none",
    pullRequest: request?.pullRequest,
    files: commit === "" ? NO_FILES : countFiles(part.plan),
    warnings: request?.warnings ?? [],
  };
}

/** Nothing to propose: an open request would only mislead, and so would the branch behind it. */
async function takeBack(branch: ChosenBranch, part: Part, publishing: Publishing, call: Call): Promise<Published> {
  if (branch.remote === undefined)
    return { ...published(branch, part, { request: undefined }), standing: { kind: "none" } };
  const { name, remote } = branch;
  const request = await withdraw({ name, remote, reason: reasonToWithdraw(part.plan) }, publishing, call);
  const isIdle = request === undefined && remote.commits.length === 0;
  return { ...published(branch, part, { request }), ...(isIdle ? { standing: { kind: "idle" } } : {}) };
}

function reasonToWithdraw({ folders }: Plan): string {
  const left = folders.filter(({ wanted }) => wanted === undefined).map(({ folder }) => code(folder));
  if (left.length === 0)
    return "The base branch already holds what this request proposed, so there is nothing left to merge.";
  const why =
    "people edited it in the base branch, it was made from another cluster, it is too large, or it was rolled back and waits for a newer snapshot";
  return `Nothing is left to propose: ${left.join(", ")} ${left.length === 1 ? "is left as it is" : "are left as they are"} (${why}), and the base branch holds the rest.`;
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
