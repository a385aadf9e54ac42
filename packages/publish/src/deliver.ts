import { openFolderTree, type WorkTree } from "@kubeferry/git";
import {
  type Generation,
  type Inputs,
  type Plan,
  type Planning,
  type RepositoryShape,
  type Spool,
  setAside,
} from "@kubeferry/layout";
import type { Call, OverlayVerification, ProposedFile, PublishMode } from "@kubeferry/model";
import type { BranchSearch } from "./choose-branch.ts";
import { inTries } from "./in-tries.ts";
import { lastLookOf } from "./last-look-of.ts";
import { mergeTries } from "./merge-tries.ts";
import type { ChangedFiles, Occasion } from "./occasion.ts";
import type { OpenHost } from "./open-host.ts";
import { branchesOf, inClone, isRandom, planOn, rootsOf } from "./plan-in-clone.ts";
import { type PreviewReader, preview } from "./preview.ts";
import { publish } from "./publish.ts";
import type { FileCounts, Published } from "./published.ts";
import type { Publishing } from "./publishing.ts";
import { pushToBase } from "./push-to-base.ts";
import { type Quiet, quietOf } from "./quiet.ts";
import { type HasSnapshot, refuseOvertaken } from "./refuse-overtaken.ts";
import type { RequestFacts } from "./request-text.ts";
import { writeToFolder } from "./write-to-folder.ts";

/** How far a delivery is. */
export type DeliveryStep = "plan" | "verify" | "publish";

/** What is delivered, and how. */
export interface Delivery extends Inputs {
  readonly mode: PublishMode;
  readonly generation: Generation;
  readonly host: OpenHost;
  readonly spool: Spool;
  readonly shape: RepositoryShape;
  readonly allowRemovals: boolean;
  /**
   * The PATH on which `gitops.verify` looks for kustomize, then kubectl. Left out: none is looked for, and our own model
   * builds.
   */
  readonly programPath?: string;
  readonly dryRun?: PreviewReader;
  /** Left out: the ordinary proposal of the newest snapshots. */
  readonly occasion?: Occasion;
  /** Left out: no other run is asked whether it was faster. */
  readonly hasSnapshot?: HasSnapshot;
  readonly runId: string;
  readonly toolVersion: string;
  onStep(step: DeliveryStep): void;
}

/** What came of it. */
export interface Delivered {
  readonly plan: Plan;
  /** What building the overlays showed, where that was asked for. */
  readonly verification?: OverlayVerification;
  readonly published: readonly Published[];
  /** Told to stop before the last request. Left out: it was not. */
  readonly interrupted?: boolean;
  /** What was written to a folder, in mode `directory`. */
  readonly written?: FileCounts;
  /** Of a dry run. */
  readonly proposed?: readonly ProposedFile[];
  /** Of a run that did nothing and would do nothing again. */
  readonly quiet?: Quiet;
}

/**
 * Plans on what is there now, and does with the plan as the mode says. When that moved meanwhile it is planned again,
 * three times at most.
 * @throws GitOpsError, GitError, PlatformError when nothing could be delivered
 */
export function deliver(delivery: Delivery, call: Call): Promise<Delivered> {
  const { mode, gitops } = delivery;
  switch (mode) {
    case "pull-request":
      return deliverRequests(delivery, call);
    case "push":
      return inTries(`push ${gitops.repository.base}`, () => deliverCommit(delivery, call), call);
    case "directory":
      return inTries(`write ${gitops.directory}`, () => deliverFiles(delivery, call), call);
    case "dry-run":
      return showOnly(delivery, call);
    default:
      return mode satisfies never;
  }
}

async function deliverRequests(delivery: Delivery, call: Call): Promise<Delivered> {
  const before: Published[] = [];
  const { branch } = delivery.gitops.repository;
  const attempt = (isLast: boolean) =>
    inClone(delivery, call, async (tree) => {
      const branches = await branchesOf(tree, delivery, call);
      const { sources, hasSnapshot } = delivery;
      if (hasSnapshot !== undefined) await refuseOvertaken(branches, sources, hasSnapshot, call);
      const { tip, ...planned } = await planOn(tree, branches, delivery, call);
      const { plan } = planned;
      delivery.onStep("publish");
      const publishing = await publishingOf(tree, plan, delivery, call);
      const { published, interrupted } = await publish({ plan, tip }, { ...publishing, branches }, call);
      const all = mergeTries(before, published, isLast || interrupted);
      const quiet = interrupted ? {} : quietOf({ plan, tip, published: all }, tree, branches.existing);
      return { ...planned, published: all, interrupted, ...quiet };
    });
  return inTries(`push ${branch}`, attempt, call);
}

function deliverCommit(delivery: Delivery, call: Call): Promise<Delivered> {
  return inClone(delivery, call, async (tree) => {
    const { tip, ...planned } = await planOn(tree, undefined, delivery, call);
    const { plan } = planned;
    delivery.onStep("publish");
    const published = [await pushToBase(plan, await publishingOf(tree, plan, delivery, call), call)];
    return { ...planned, published, ...quietOf({ plan, tip, published }, tree, undefined) };
  });
}

async function deliverFiles(delivery: Delivery, call: Call): Promise<Delivered> {
  const tree = await openFolderTree(folderOptions(delivery), call);
  try {
    const { tip: _, ...planned } = await planOn(tree, undefined, delivery, call);
    delivery.onStep("publish");
    const lastLook = lastLookOf(delivery);
    return {
      ...planned,
      published: [],
      written: await writeToFolder(planned.plan, { ...delivery, tree, lastLook }, call),
    };
  } finally {
    await tree.close();
  }
}

/** Against what the mode of the configuration would write to. */
async function showOnly(delivery: Delivery, call: Call): Promise<Delivered> {
  const { gitops, dryRun = NOBODY } = delivery;
  const show = async (tree: Planning["tree"], branches?: BranchSearch): Promise<Delivered> => {
    const { tip: _, ...planned } = await planOn(tree, branches, delivery, call);
    delivery.onStep("publish");
    const lastLook = lastLookOf(delivery);
    return {
      ...planned,
      published: [],
      proposed: await preview(planned.plan, dryRun, { ...delivery, tree, lastLook }, call),
    };
  };
  if (gitops.mode !== "directory")
    return inClone(delivery, call, async (tree) =>
      show(tree, isRandom(delivery) ? await branchesOf(tree, delivery, call) : undefined),
    );
  const tree = await openFolderTree(folderOptions(delivery), call);
  try {
    return await show(tree);
  } finally {
    await tree.close();
  }
}

const NOBODY: PreviewReader = { files: () => undefined, diff: () => undefined };

function folderOptions(delivery: Delivery) {
  return { folder: delivery.gitops.directory ?? "", roots: rootsOf(delivery) };
}

async function publishingOf(
  tree: WorkTree,
  plan: Plan,
  delivery: Delivery,
  call: Call,
): Promise<Omit<Publishing, "branches">> {
  const { generation, shape } = delivery;
  const { findings, catalog } = generation;
  const lead = await leadOf(tree, plan, delivery, call);
  const trace = call.span === undefined ? {} : { traceId: call.span.traceId };
  const facts = { ...delivery, ...trace, plan, catalog, findings, ...setAside(plan, findings, shape), ...lead };
  return { ...delivery, tree, facts, lastLook: lastLookOf(delivery) };
}

async function leadOf(
  tree: WorkTree,
  plan: Plan,
  { occasion, spool }: Delivery,
  call: Call,
): Promise<Pick<RequestFacts, "lead">> {
  if (occasion === undefined) return {};
  const files: ChangedFiles = {
    before: async ({ path }) => (await tree.readFile(tree.baseCommit, path, call))?.toString("utf8"),
    after: async ({ content }) => (content === undefined ? undefined : (await spool.read(content)).toString("utf8")),
  };
  return { lead: { title: occasion.title, lines: await occasion.describe(plan, files, call) } };
}
