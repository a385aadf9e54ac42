import { openWorkTree, type WorkTree } from "@kubeferry/git";
import { makePlan, otherShapes, type Plan, type Planning, readTip, type Tip } from "@kubeferry/layout";
import { type Call, inSpan, type OverlayVerification } from "@kubeferry/model";
import { parseBranchName } from "./branch-names.ts";
import type { BranchSearch } from "./choose-branch.ts";
import type { Delivery } from "./deliver.ts";
import { earlierCommits } from "./earlier-commits.ts";
import { lastLookOf } from "./last-look-of.ts";
import { verified } from "./verify.ts";
import { workTreeOptions } from "./work-tree-options.ts";

/** A plan, and what building its overlays showed where that was asked for. */
export interface Planned {
  readonly plan: Plan;
  readonly tip: Tip;
  readonly verification?: OverlayVerification;
}

/**
 * Plans on what is in the repository now, and verifies the plan before anything is done with it.
 * @param branches looked through for Secrets that are encrypted already
 * @throws GitOpsError "blocked" where an overlay is not as it is to be
 */
export async function planOn(
  tree: Planning["tree"],
  branches: BranchSearch | undefined,
  delivery: Delivery,
  call: Call,
): Promise<Planned> {
  delivery.onStep("plan");
  const planned = await inSpan(call, "plan", {}, async (inner) => {
    const tip = await readTip(tree, delivery.shape, inner);
    const earlier = isRandom(delivery) && branches !== undefined ? earlierCommits(branches) : () => [];
    const plan = await makePlan({ ...delivery, tree, tip, earlier, lastLook: lastLookOf(delivery) }, inner);
    return { plan, tip };
  });
  const verification = await verified(planned, delivery, call);
  return { ...planned, ...(verification === undefined ? {} : { verification }) };
}

/** Clones the base branch for as long as it is used. */
export async function inClone<Result>(
  delivery: Delivery,
  call: Call,
  use: (tree: WorkTree) => Promise<Result>,
): Promise<Result> {
  const options = { ...workTreeOptions(delivery.gitops, delivery.host), roots: rootsOf(delivery) };
  const tree = await inSpan(call, "clone", {}, (inner) => openWorkTree(options, inner));
  try {
    return await use(tree);
  } finally {
    await tree.close();
  }
}

/** The other shapes' folders are read too, since two shapes beside each other are refused. */
export function rootsOf({ shape }: Delivery): readonly string[] {
  return [shape, ...otherShapes(shape)].flatMap((each) => each.roots);
}

/** Our branches, by their names, as they are now. */
export async function branchesOf(tree: WorkTree, { gitops, sources }: Delivery, call: Call): Promise<BranchSearch> {
  const configured = gitops.repository.branch;
  const tips = await tree.remoteBranches(configured, call);
  const names = tips.map(({ name }) => name).filter((name) => parseBranchName(configured, name) !== undefined);
  const existing = await tree.readBranches(names, call);
  return { configured, existing, sources, authorEmail: gitops.commit.author.email, base: gitops.repository.base };
}

/** Whether a Secret is encrypted otherwise each time, so that what earlier runs made of it is looked for. */
export function isRandom({ secretWriter }: Delivery): boolean {
  return secretWriter?.random === true;
}
