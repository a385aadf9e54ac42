import { type ContentPart, code, limited, type Plan, type Source } from "@kubeferry/layout";
import type { Occasion } from "@kubeferry/publish";
import { changedObjects } from "./changed-objects.ts";

/** How many lines of changes the text has; the request's own difference shows all. */
const MOST_LINES = 300;

/** What the request of a rollback says of itself: what it goes back to, what merging changes, and what comes after. */
export function rollbackText(facts: {
  readonly source: Source;
  readonly only: ContentPart;
  /** `gitops.repository.branch` of ordinary runs. */
  readonly ordinaryBranch: string;
}): Occasion {
  const { source, only, ordinaryBranch } = facts;
  const { cluster } = source.origin;
  return {
    title: `rollback of ${cluster} to snapshot ${source.sequence}`,
    async describe(plan, files) {
      const changes = await changedObjects(plan, files);
      return [
        "## Rollback",
        "",
        `This takes ${whatOf(only)} back to snapshot ${source.sequence} of ${code(cluster)}, finished ${source.takenAt}. Everything else in Git stays as it is. It is never merged by itself.`,
        "",
        `- After merging, sync the Applications named below: the cluster changes only then. ${code("kubeferry rollback … --sync")} waits for the merge and does it.`,
        `- Then let a backup run. Until there is a newer snapshot, ordinary runs leave these folders alone; once there is one, they propose on ${code(ordinaryBranch)} what the cluster holds then. If it was not synced before that backup, that is the present state again: do not merge it.`,
        ...leftAlone(plan),
        "",
        "## What merging changes, object by object",
        "",
        ...limited(changes.length === 0 ? ["Only files of kubeferry's own."] : changes, MOST_LINES),
      ];
    },
  };
}

function whatOf({ namespaces, clusterScoped }: ContentPart): string {
  const named = namespaces.length === 0 ? "all namespaces" : namespaces.map(code).join(", ");
  return clusterScoped ? `${named} and what has no namespace` : named;
}

function leftAlone({ folders }: Plan): readonly string[] {
  const left = folders.filter(({ wanted }) => wanted === undefined).map(({ folder }) => code(folder));
  return left.length === 0 ? [] : [`- **Not taken back:** ${left.join(", ")}; the reasons are below.`];
}
