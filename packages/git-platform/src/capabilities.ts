/** What a host can do beyond opening, changing and closing requests. */
export interface Capabilities {
  readonly draft: boolean;
  readonly labels: boolean;
  readonly reviewers: boolean;
  readonly teamReviewers: boolean;
  readonly assignees: boolean;
  readonly milestone: boolean;
  readonly autoMerge: boolean;
  readonly commitStatus: boolean;
}

/** What a configuration asks of a host, beyond the request itself. */
export type Wishes = Readonly<Record<keyof Capabilities, boolean>>;

const NAMES: Readonly<Record<keyof Capabilities, string>> = {
  draft: "draft requests",
  labels: "labels",
  reviewers: "reviewers",
  teamReviewers: "teams as reviewers",
  assignees: "assignees",
  milestone: "milestones",
  autoMerge: "auto-merge",
  commitStatus: "commit statuses",
};

/** What is wished for and cannot be had on a host, in words: "labels". Told before a run, not in the middle of it. */
export function missingCapabilities(can: Capabilities, wishes: Wishes): readonly string[] {
  const keys = Object.keys(NAMES) as (keyof Capabilities)[];
  return keys.filter((key) => wishes[key] && !can[key]).map((key) => NAMES[key]);
}
