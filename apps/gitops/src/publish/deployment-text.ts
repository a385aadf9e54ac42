import { clusterPath } from "@kubeferry/model";
import type { DestinationConfig } from "@kubeferry/shared-config";
import { ARGOCD_FOLDER } from "../catalog.ts";
import type { FolderSettings, SettingsOf } from "../environments/settings.ts";
import { code, count } from "../markdown.ts";
import type { Plan } from "../plan/plan.ts";
import type { Environment } from "../read/open-sources.ts";
import type { RepositoryShape } from "../shape/shape.ts";
import { changesByFolder } from "./object-changes.ts";

/** Says what Argo CD will do in which cluster once the plan is merged. */
export function deploymentLines(facts: {
  readonly plan: Plan;
  readonly environments: readonly Environment[];
  readonly settingsOf: SettingsOf;
  readonly shape: RepositoryShape;
}): readonly string[] {
  const all = facts.environments.map((environment) => ({
    ...environment,
    settings: facts.settingsOf(undefined, environment.name),
  }));
  const deployed = all.filter(({ settings }) => settings.places.length > 0);
  if (deployed.length === 0) {
    return ["Nothing in any cluster: no environment has a destination, so there is no Application that deploys this."];
  }
  const lines = deployed.map((environment) => `- **${environment.name}** ${environmentText(environment, facts.plan)}`);
  const root = facts.shape.place(ARGOCD_FOLDER, "root-<environment>.yaml");
  const start = `Nothing is applied until an Application exists in Argo CD (\`${root}\` brings them).`;
  return [start, ...projectLines(facts), "", ...lines];
}

/** The project belongs to no Application: one could otherwise allow itself anything. */
function projectLines({
  plan: { folders },
  shape,
}: {
  readonly plan: Plan;
  readonly shape: RepositoryShape;
}): readonly string[] {
  const project = shape.place(ARGOCD_FOLDER, "project.yaml");
  const changed = folders.some(({ changes }) => changes.changed.some(({ path }) => path === project));
  if (!changed) return [];
  return [
    "",
    `The project changes: run \`kubectl apply -f ${project}\` after merging, or Argo CD refuses what is new.`,
  ];
}

function environmentText(environment: Environment & { readonly settings: FolderSettings }, plan: Plan): string {
  const { settings, source } = environment;
  const trigger = settings.autoSync ? "is synced by Argo CD by itself" : "waits until somebody presses sync";
  const places = settings.places.map(({ destination }) => {
    const place = "server" in destination ? destination.server : destination.name;
    return `(${code(place)}) ${trigger}. ${effectOf(destination, source, plan)}`;
  });
  return places.join(" ");
}

function effectOf({ cluster }: DestinationConfig, source: string, plan: Plan): string {
  if (cluster === undefined) return effectIfSource(plan);
  return clusterPath(cluster) === source ? effectOnSource(plan) : effectElsewhere(plan);
}

/** Nobody said which cluster it is, so nothing is claimed about it that may not be so. */
function effectIfSource(plan: Plan): string {
  return `It is taken for the cluster this was read from, since its \`destination.cluster\` is left out: there syncing sets Argo CD's own annotations and changes nothing else; in any other cluster it creates and changes what is listed below.${goneFromSource(plan)}`;
}

function effectOnSource(plan: Plan): string {
  return `It is the cluster this was read from: syncing sets Argo CD's own annotations and changes nothing else.${goneFromSource(plan)}`;
}

function goneFromSource(plan: Plan): string {
  const removed = totals(plan).removed;
  return removed === 0
    ? ""
    : ` ${count(removed, "object")} already gone from it ${removed === 1 ? "leaves" : "leave"} Git.`;
}

function effectElsewhere(plan: Plan): string {
  const { added, changed, removed } = totals(plan);
  const pruned =
    removed === 0
      ? ""
      : ` ${count(removed, "object")} will be shown as no longer in Git; Argo CD removes none by itself.`;
  return `It is another cluster: ${count(added, "object")} will be created, ${count(changed, "object")} changed.${pruned}`;
}

function totals(plan: Plan): { readonly added: number; readonly changed: number; readonly removed: number } {
  const sums = { added: 0, changed: 0, removed: 0 };
  for (const { changes } of changesByFolder(plan)) {
    sums.added += changes.added.length;
    sums.changed += changes.changed.length;
    sums.removed += changes.removed.length;
  }
  return sums;
}
