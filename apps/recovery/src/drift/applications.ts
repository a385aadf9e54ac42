import type { KubeApi } from "@kubeferry/kube";
import { type Call, isJsonObject, objectsAt, parseJson, type ResourceType, textAt } from "@kubeferry/model";

/** What Argo CD says of one of our Applications. */
export interface ApplicationStatus {
  readonly name: string;
  /** "Synced", "OutOfSync", "Unknown"; as Argo CD writes it. */
  readonly sync: string;
  /** "Healthy", "Progressing", "Degraded", "Suspended", "Missing", "Unknown". */
  readonly health: string;
}

/**
 * The state of the Applications that this repository generates, sorted by name.
 * @param namespace Argo CD's own
 * @returns undefined where the cluster does not serve Applications
 * @throws KubeError when they cannot be read
 */
export async function applicationStatuses(
  kube: Pick<KubeApi, "list">,
  served: readonly ResourceType[],
  { namespace, repositoryUrl }: { readonly namespace: string; readonly repositoryUrl: string },
  call: Call,
): Promise<readonly ApplicationStatus[] | undefined> {
  const type = served.find(({ group, resource }) => group === "argoproj.io" && resource === "applications");
  if (type === undefined) return undefined;
  const found: ApplicationStatus[] = [];
  for await (const { line } of kube.list(type, { pageSize: PAGE_SIZE }, call)) {
    const object = parseJson(line.toString("utf8"));
    if (!isJsonObject(object) || textAt(object, "metadata", "namespace") !== namespace) continue;
    const sources = [textAt(object, "spec", "source", "repoURL")];
    sources.push(...objectsAt(object, "spec", "sources").map((source) => textAt(source, "repoURL")));
    if (!sources.includes(repositoryUrl)) continue;
    found.push({
      name: textAt(object, "metadata", "name") ?? "",
      sync: textAt(object, "status", "sync", "status") ?? "Unknown",
      health: textAt(object, "status", "health", "status") ?? "Unknown",
    });
  }
  return found;
}

const PAGE_SIZE = 100;
