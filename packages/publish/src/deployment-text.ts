import { ARGOCD_FOLDER, code, count, namespaceOf } from "@kubeferry/layout";
import { type DeploymentGroup, deploymentGroups, type GroupFacts } from "./deployment-groups.ts";
import { listed } from "./listed.ts";

/** Says what Argo CD will do in which cluster once the plan is merged; what it will delete by itself comes first. */
export function deploymentLines(facts: GroupFacts): readonly string[] {
  const groups = deploymentGroups(facts);
  if (groups.length === 0) {
    return [
      "Nothing in any cluster: no environment has a destination for it, so there is no Application that deploys this.",
    ];
  }
  const root = facts.shape.place(ARGOCD_FOLDER, "root-<environment>.yaml");
  const start = `Nothing is applied until an Application exists in Argo CD (\`${root}\` brings them).`;
  return [
    ...groups.flatMap(deletionLines),
    start,
    ...projectLines(facts),
    "",
    ...groups.map((group) => `- ${groupText(group)}`),
  ];
}

/** The project belongs to no Application: one could otherwise allow itself anything. */
function projectLines({ plan: { folders }, shape }: GroupFacts): readonly string[] {
  const project = shape.place(ARGOCD_FOLDER, "project.yaml");
  const changed = folders.some(({ changes }) => changes.changed.some(({ path }) => path === project));
  if (!changed) return [];
  return [
    "",
    `The project changes: run \`kubectl apply -f ${project}\` after merging, or Argo CD refuses what is new.`,
  ];
}

function deletionLines(group: DeploymentGroup): readonly string[] {
  const pruned = prunedOf(group);
  if (pruned.length === 0 || group.kind === "source") return [];
  const unless = group.kind === "taken-for-source" ? ", unless it is the cluster this was read from" : "";
  return [
    `**Merging this makes Argo CD delete ${count(pruned.length, "object")} in ${addressOf(group)} (${group.environment}, \`prune\` is on)${unless}:** ${listed(pruned.map(code))}.`,
    "",
  ];
}

function groupText(group: DeploymentGroup): string {
  const trigger = group.autoSync ? "is synced by Argo CD by itself" : "waits until somebody presses sync";
  return `**${group.environment}** (${addressOf(group)}${foldersText(group)}) ${trigger}. ${effectOf(group)}`;
}

function addressOf({ place: { name, destination } }: DeploymentGroup): string {
  const address = code("server" in destination ? destination.server : destination.name);
  return name === undefined ? address : `${code(name)}: ${address}`;
}

/** Which namespaces are meant, where it is not all of them under their own names. */
function foldersText({ folders, partial }: DeploymentGroup): string {
  const renamed = folders.some(({ folder, namespace }) => namespace !== namespaceOf(folder));
  if (!partial && !renamed) return "";
  const names = folders.map(({ folder, namespace }) => {
    const own = namespaceOf(folder);
    if (own === undefined || namespace === undefined) return "what has no namespace";
    return own === namespace ? code(own) : `${code(own)} as ${code(namespace)}`;
  });
  return `; ${listed(names)}`;
}

function effectOf(group: DeploymentGroup): string {
  switch (group.kind) {
    case "source":
      return `It is the cluster this was read from: syncing sets Argo CD's own annotations and changes nothing else.${goneFromSource(group)}`;
    case "taken-for-source":
      // Nobody said which cluster it is, so nothing is claimed about it that may not be so.
      return `It is taken for the cluster this was read from, since its \`destination.cluster\` is left out: there syncing sets Argo CD's own annotations and changes nothing else; in any other cluster it creates and changes what is listed below.${goneFromSource(group)}`;
    case "source-earlier":
      // What was read is not what the cluster is now, so that a sync does change it.
      return `It is, or is taken for, the cluster this was read from, and was read as it was at ${group.at}: syncing takes it back to that time.${removedText(group)}`;
    case "elsewhere":
      return `It is another cluster: ${count(total(group, "added"), "object")} will be created, ${count(total(group, "changed"), "object")} changed.${overriddenText(group)}${removedText(group)}`;
    default:
      return group.kind satisfies never;
  }
}

function goneFromSource(group: DeploymentGroup): string {
  const removed = total(group, "removed");
  return removed === 0
    ? ""
    : ` ${count(removed, "object")} already gone from it ${removed === 1 ? "leaves" : "leave"} Git.`;
}

function overriddenText({ folders }: DeploymentGroup): string {
  const overridden = folders.reduce((sum, each) => sum + each.overridden, 0);
  if (overridden === 0) return "";
  return ` ${count(overridden, "object")} of it ${overridden === 1 ? "is" : "are"} as configured, not as in the cluster this was read from.`;
}

function removedText(group: DeploymentGroup): string {
  const pruned = prunedOf(group).length;
  const shown = total(group, "removed") - pruned;
  const deleted = pruned === 0 ? "" : ` ${count(pruned, "object")} will be deleted.`;
  if (shown === 0) return deleted;
  return `${deleted} ${count(shown, "object")} will be shown as no longer in Git; Argo CD does not remove ${shown === 1 ? "it" : "them"} by itself.`;
}

function prunedOf({ folders }: DeploymentGroup): readonly string[] {
  return folders.flatMap(({ pruned }) => pruned);
}

function total({ folders }: DeploymentGroup, key: "added" | "changed" | "removed"): number {
  return folders.reduce((sum, { changes }) => sum + changes[key].length, 0);
}
