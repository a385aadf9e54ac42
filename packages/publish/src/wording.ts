import type { CommitMessage } from "@kubeferry/git";
import type { Source } from "@kubeferry/layout";
import type { GitOpsConfig } from "@kubeferry/shared-config";
import { fillLine, fillTemplate } from "./fill-template.ts";
import { changesByFolder } from "./object-changes.ts";
import { type RequestFacts, requestBody, requestTitle } from "./request-text.ts";
import { trailersOf } from "./trailers.ts";

/** Title and Markdown of a request. */
export interface RequestText {
  readonly title: string;
  readonly body: string;
}

/** How many folders a commit's message counts. */
const MOST_LINES = 200;

/**
 * Title and text of a request: the configured ones, with what the run knows put in. How alike environments are is the
 * first thing to be left out of a text that would be longer than what a host shows at once.
 */
export function requestText(
  { likeness, ...facts }: RequestFacts,
  gitops: Pick<GitOpsConfig, "pullRequest" | "repository">,
  { branch, longest }: { readonly branch: string; readonly longest: number },
): RequestText {
  const short = wordedText(facts, gitops, branch);
  if (likeness === undefined) return short;
  const whole = wordedText({ ...facts, likeness }, gitops, branch);
  return whole.body.length <= longest ? whole : short;
}

function wordedText(
  facts: RequestFacts,
  { pullRequest, repository }: Pick<GitOpsConfig, "pullRequest" | "repository">,
  branch: string,
): RequestText {
  const values = { ...valuesOf(facts, repository), environments: environmentsOf(facts), branch };
  return {
    title: fillLine(pullRequest.title, values, values.title),
    body: fillTemplate(pullRequest.body, { ...values, body: requestBody(facts) }),
  };
}

/** The message of a run's one commit for a branch; the trailers by which it is known again are always ours. */
export function commitMessage(
  facts: RequestFacts & { readonly sources: readonly Pick<Source, "snapshotKey" | "origin">[] },
  { commit, repository }: Pick<GitOpsConfig, "commit" | "repository">,
): CommitMessage {
  const values = {
    ...valuesOf(facts, repository),
    snapshots: facts.sources.map((each) => each.snapshotKey).join(", "),
  };
  return {
    subject: fillLine(commit.subject, values, values.title),
    body: fillTemplate(commit.body, { ...values, summary: summaryOf(facts) }),
    trailers: {
      ...commit.trailers,
      ...trailersOf({ ...facts, base: repository.base, branch: repository.branch, part: facts.part }),
    },
  };
}

function valuesOf(facts: RequestFacts, { base }: GitOpsConfig["repository"]) {
  const clusters = [...new Set(facts.sources.map(({ origin }) => origin.cluster))].join(", ");
  return { title: requestTitle(facts), clusters, base, part: facts.part ?? "" };
}

/**
 * Those in which an object or what deploys it becomes another one; where there are none those whose files change, and all
 * of them where only shared ones do.
 */
function environmentsOf({ plan, environments, shape }: RequestFacts): string {
  const files = plan.folders
    .flatMap(({ changes }) => Object.values(changes).flat())
    .map(({ path, object }) => ({ steps: shape.parse(path)?.path.split("/") ?? [], object }));
  const isDeployedOtherwise = (environment: string) =>
    files.some(({ steps: [folder, name], object }) => {
      return folder === environment && object === undefined && name !== "kustomization.yaml";
    });
  const isOther = (environment: string) =>
    plan.folders.some(({ effects }) => {
      const found = effects.environments.get(environment);
      return found !== undefined && found.added.length + found.changed.length + found.removed.length > 0;
    });
  const names = environments.map(({ name }) => name);
  const others = names.filter((name) => isOther(name) || isDeployedOtherwise(name));
  const touched = names.filter((name) => files.some(({ steps: [folder] }) => folder === name));
  return ([others, touched].find((some) => some.length > 0) ?? names).join(", ");
}

function summaryOf({ plan }: RequestFacts): string {
  const lines = changesByFolder(plan).map(
    ({ folder, changes: { added, changed, removed } }) =>
      `${folder}: ${added.length} new, ${changed.length} changed, ${removed.length} removed`,
  );
  return lines.slice(0, MOST_LINES).join("\n");
}
