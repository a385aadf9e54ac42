import { apiVersionOf, type ResourceType } from "@kubeferry/model";
import type { DiscoveredGroup, DiscoveredResource, DiscoveredVersion, ReplayCatalogue } from "../catalogue.ts";

/** The unaggregated `/apis`, for clients that do not ask for the aggregated form. */
export function groupList(catalogue: ReplayCatalogue): object {
  const groups = catalogue.groups.filter((group) => nameOf(group) !== "").map(groupEntry);
  return { kind: "APIGroupList", apiVersion: "v1", groups };
}

/** The unaggregated `/apis/apps`. */
export function groupOf(catalogue: ReplayCatalogue, group: string): object | undefined {
  const found = catalogue.groups.find((each) => nameOf(each) === group);
  return found === undefined ? undefined : { kind: "APIGroup", apiVersion: "v1", ...groupEntry(found) };
}

/** The unaggregated `/apis/apps/v1`. */
export function resourceList(catalogue: ReplayCatalogue, group: string, version: string): object | undefined {
  const found = versionAt(catalogue, group, version);
  if (found === undefined) return undefined;
  const resources = (found.resources ?? []).map((resource) => ({
    name: resource.resource,
    singularName: resource.singularResource ?? "",
    namespaced: resource.scope === "Namespaced",
    kind: resource.responseKind?.kind ?? "",
    verbs: resource.verbs,
    shortNames: resource.shortNames,
    categories: resource.categories,
  }));
  return { kind: "APIResourceList", apiVersion: "v1", groupVersion: apiVersionOf({ group, version }), resources };
}

/** The type that discovery names at this place. */
export function typeAt(
  catalogue: ReplayCatalogue,
  group: string,
  version: string,
  resource: string,
): ResourceType | undefined {
  const found = versionAt(catalogue, group, version)?.resources?.find((each) => each.resource === resource);
  return found === undefined ? undefined : typeOf(found, group, version);
}

function typeOf(found: DiscoveredResource, group: string, version: string): ResourceType {
  const namespaced = found.scope === "Namespaced";
  return {
    group,
    version,
    resource: found.resource,
    kind: found.responseKind?.kind ?? "",
    namespaced,
    verbs: found.verbs,
  };
}

function versionAt(catalogue: ReplayCatalogue, group: string, version: string): DiscoveredVersion | undefined {
  const found = catalogue.groups.find((each) => nameOf(each) === group);
  return found?.versions?.find((each) => each.version === version);
}

function groupEntry(group: DiscoveredGroup): object {
  const versions = (group.versions ?? []).map(({ version }) => ({
    groupVersion: apiVersionOf({ group: nameOf(group), version }),
    version,
  }));
  return { name: nameOf(group), versions, preferredVersion: versions[0] };
}

function nameOf(group: DiscoveredGroup): string {
  return group.metadata?.name ?? "";
}
