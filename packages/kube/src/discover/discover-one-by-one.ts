import type { Call } from "@kubeferry/model";
import { z } from "zod";
import { type Ask, parseAnswer } from "../http/ask.ts";
import { KubeError } from "../kube-error.ts";
import type { GroupDiscoveryList, ResourceDiscovery, VersionDiscovery } from "./discovery-document.ts";

/** "group/version" → why it could not be read. */
export type Unanswered = ReadonlyMap<string, string>;

const CoreVersions = z.object({ kind: z.literal("APIVersions"), versions: z.array(z.string()) });

const Groups = z.object({
  kind: z.literal("APIGroupList"),
  groups: z.array(
    z.object({
      name: z.string(),
      versions: z.array(z.object({ version: z.string() })),
      preferredVersion: z.object({ version: z.string() }).optional(),
    }),
  ),
});

const Resources = z.object({
  resources: z
    .array(
      z.object({
        name: z.string(),
        singularName: z.string().optional(),
        namespaced: z.boolean().optional(),
        kind: z.string(),
        group: z.string().optional(),
        version: z.string().optional(),
        verbs: z.array(z.string()).nullish(),
        shortNames: z.array(z.string()).optional(),
        categories: z.array(z.string()).optional(),
      }),
    )
    .nullish(),
});

/**
 * The way of servers without aggregated discovery: one request a group version, brought into the aggregated form. One
 * that fails is kept as stale.
 * @param root the answer of /api or /apis
 * @returns undefined when that is no discovery document
 */
export async function discoverOneByOne(
  root: unknown,
  ask: Ask,
  call: Call,
): Promise<{ readonly document: GroupDiscoveryList; readonly unanswered: Unanswered } | undefined> {
  const groups = groupsOf(root);
  if (groups === undefined) return undefined;
  const unanswered = new Map<string, string>();
  const items: GroupDiscoveryList["items"] = [];
  for (const { name, versions } of groups) {
    const found: VersionDiscovery[] = [];
    for (const version of versions) found.push(await versionOf(name, version, { ask, call, unanswered }));
    items.push({ metadata: name === "" ? {} : { name }, versions: found });
  }
  return { document: { kind: "APIGroupDiscoveryList", apiVersion: "apidiscovery.k8s.io/v2", items }, unanswered };
}

/** Groups with their versions, the preferred one first. */
function groupsOf(root: unknown): { readonly name: string; readonly versions: readonly string[] }[] | undefined {
  const core = CoreVersions.safeParse(root);
  if (core.success) return [{ name: "", versions: core.data.versions }];
  const groups = Groups.safeParse(root);
  return groups.data?.groups.map(({ name, versions, preferredVersion }) => {
    const all = versions.map(({ version }) => version);
    return { name, versions: [...new Set(preferredVersion ? [preferredVersion.version, ...all] : all)] };
  });
}

interface OneByOne {
  readonly ask: Ask;
  readonly call: Call;
  readonly unanswered: Map<string, string>;
}

async function versionOf(
  group: string,
  version: string,
  { ask, call, unanswered }: OneByOne,
): Promise<VersionDiscovery> {
  const path = group === "" ? `/api/${version}` : `/apis/${group}/${version}`;
  const operation = `discover ${path}`;
  try {
    const found = Resources.safeParse(parseAnswer(await ask({ operation, path }, call), operation));
    if (found.success) return { version, freshness: "Current", resources: aggregated(found.data) };
    unanswered.set(`${group}/${version}`, "its discovery document cannot be understood");
  } catch (error) {
    if (!(error instanceof KubeError)) throw error;
    unanswered.set(`${group}/${version}`, error.message);
  }
  return { version, freshness: "Stale", resources: [] };
}

function aggregated({ resources }: z.infer<typeof Resources>): ResourceDiscovery[] {
  const all = resources ?? [];
  return all
    .filter(({ name }) => !name.includes("/"))
    .map((resource) => ({
      resource: resource.name,
      // Empty means: those of the group version it stands in.
      responseKind: { group: resource.group ?? "", version: resource.version ?? "", kind: resource.kind },
      scope: resource.namespaced === true ? "Namespaced" : "Cluster",
      singularResource: resource.singularName ?? "",
      verbs: resource.verbs ?? [],
      ...(resource.shortNames === undefined ? {} : { shortNames: resource.shortNames }),
      ...(resource.categories === undefined ? {} : { categories: resource.categories }),
    }));
}
