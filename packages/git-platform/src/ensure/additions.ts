import type { Call } from "@kubeferry/model";
import type { Capabilities } from "../capabilities.ts";
import type { NotAdded, PullRequestAdditions } from "../platform.ts";
import type { Warnings } from "./warnings.ts";
import type { Settling } from "./wish.ts";

/**
 * Adds the labels that the request lacks, and, where this run opened it, people and milestone. What the host does not
 * take is a warning each.
 * @returns whether anything was added
 */
export async function addWhatIsMissing(settling: Settling, warnings: Warnings, call: Call): Promise<boolean> {
  const { host, open, created, want } = settling;
  const wanted = takenBy(host.info.can, want.additions);
  const add = created ? wanted : { ...NOTHING, labels: missing(wanted.labels, open.labels) };
  const count = countOf(add);
  if (count === 0) return false;
  const act = () => host.platform.addToPullRequest(open, add, call);
  const refused = await warnings.unless("add labels and people", act);
  if (refused === undefined) return false;
  for (const each of refused) warnings.add(sentence(each));
  return refused.length < count;
}

const NOTHING: PullRequestAdditions = {
  labels: [],
  reviewers: [],
  teamReviewers: [],
  assignees: [],
  milestone: undefined,
};

// What the host cannot do was told before the run.
function takenBy(can: Capabilities, add: PullRequestAdditions): PullRequestAdditions {
  return {
    labels: can.labels ? add.labels : [],
    reviewers: can.reviewers ? add.reviewers : [],
    teamReviewers: can.teamReviewers ? add.teamReviewers : [],
    assignees: can.assignees ? add.assignees : [],
    milestone: can.milestone ? add.milestone : undefined,
  };
}

// Some hosts keep the case of the label that there was first.
function missing(wanted: readonly string[], present: readonly string[]): readonly string[] {
  const there = new Set(present.map((label) => label.toLowerCase()));
  return wanted.filter((label) => !there.has(label.toLowerCase()));
}

function countOf({ labels, reviewers, teamReviewers, assignees, milestone }: PullRequestAdditions): number {
  return labels.length + reviewers.length + teamReviewers.length + assignees.length + (milestone === undefined ? 0 : 1);
}

function sentence({ what, name, why }: NotAdded): string {
  return `the ${what} ${JSON.stringify(name)} was left out: ${why}`;
}
