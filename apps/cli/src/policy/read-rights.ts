import { createSelection } from "@kubeferry/backup";
import { compareUtf8 } from "@kubeferry/model";
import { type BackupConfig, compileTypePattern } from "@kubeferry/shared-config";
import { KUBERNETES_TYPES, type OwnType } from "./kubernetes-types.ts";
import { OPENSHIFT_GROUPS } from "./openshift-groups.ts";

/** A rule of a Role or a ClusterRole. */
export interface RbacRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

/** What a backup must be allowed to do. */
export interface ReadRights {
  /** In the whole cluster. */
  readonly cluster: readonly RbacRule[];
  /** In single namespaces, where the configuration names all that it looks at. */
  readonly namespaces: readonly { readonly namespace: string; readonly rules: readonly RbacRule[] }[];
  /** True where custom types may be taken that no rule names, since nobody asked the cluster for them. */
  readonly customTypesMissing: boolean;
}

/** Who the cluster is, is told by the UID of this namespace. */
const IDENTITY: RbacRule = {
  apiGroups: [""],
  resources: ["namespaces"],
  resourceNames: ["kube-system"],
  verbs: ["get"],
};
/** On OpenShift its name and its domain are told by these. */
const OPENSHIFT_IDENTITY: RbacRule = {
  apiGroups: ["config.openshift.io"],
  resources: ["infrastructures", "dnses"],
  resourceNames: ["cluster"],
  verbs: ["get"],
};
const EVERYTHING: RbacRule = { apiGroups: ["*"], resources: ["*"], verbs: ["list"] };

/** Its other types are tokens, and clients with their secrets: where values of Secrets are not backed up, these are not listed. */
const OAUTH = "oauth.openshift.io";
const OAUTH_WITHOUT_CREDENTIALS = "oauthclientauthorizations";

/** Stands for whatever types a cluster may have beside Kubernetes' own. */
const A_CUSTOM_TYPE = { group: "custom.example.com", resource: "somethings", kind: "Something", namespaced: true };

/** What is known of a cluster before rights are given in it. */
export interface KnownCluster {
  /** Its types; left out, Kubernetes' own are meant. */
  readonly served?: readonly OwnType[];
  /** Whether it is one of OpenShift; left out, `served` says so. */
  readonly openShift?: boolean;
}

/**
 * The rights that a backup with this configuration uses: it lists, and reads one namespace by name; it never watches and
 * never writes. What is discovered, versions and schemas, Kubernetes lets every authenticated user read.
 * @param known of the cluster; where its types are not, those of Kubernetes are meant, what the configuration names in
 * full, and OpenShift's groups as a whole, or "*" where all types are taken: rules cannot say "all but"
 */
export function readRights(backup: BackupConfig, known: KnownCluster = {}): ReadRights {
  const { openShift = known.served?.some(isOfOpenShift) ?? false } = known;
  const rights = rightsToList(backup, { ...known, openShift });
  const identity = openShift ? [IDENTITY, OPENSHIFT_IDENTITY] : [IDENTITY];
  return { ...rights, cluster: [...identity, ...rights.cluster] };
}

function isOfOpenShift({ group, resource }: OwnType): boolean {
  return group === "config.openshift.io" && resource === "infrastructures";
}

function rightsToList(backup: BackupConfig, { served, openShift }: KnownCluster): ReadRights {
  const selection = createSelection(backup);
  const isTaken = (type: OwnType): boolean => selection.verdict(type).taken;
  if (served !== undefined) return rightsTo(served.filter(isTaken), backup, false);
  const takesCustom = isTaken(A_CUSTOM_TYPE);
  const omits = !isTaken({ group: "", resource: "secrets", kind: "Secret", namespaced: true });
  const inNamespaces = namespacesOf(A_CUSTOM_TYPE, backup) !== undefined;
  if (takesCustom && !omits && !inNamespaces) return { ...rightsTo([], backup, false), cluster: [EVERYTHING] };
  const chosen = [...backup.filter.crds, ...backup.filter.resources.include];
  const named = chosen.flatMap(customType);
  const groups = openShift === true ? OPENSHIFT_GROUPS.map((group) => ({ ...A_CUSTOM_TYPE, group })) : [];
  const takesClients = isTaken({ group: OAUTH, resource: "oauthclients", kind: "OAuthClient", namespaced: false });
  const whole = groups
    .filter(isTaken)
    .map((type) => ({ ...type, resource: type.group === OAUTH && !takesClients ? OAUTH_WITHOUT_CREDENTIALS : "*" }));
  return rightsTo(
    [...KUBERNETES_TYPES, ...named].filter(isTaken).concat(whole),
    backup,
    takesCustom || chosen.some(namesNoRule),
  );
}

/** A word or a pattern for custom types ("widgets", "*.example.com"): which ones, only the cluster knows. */
function namesNoRule(text: string): boolean {
  return customType(text).length === 0 && !KUBERNETES_TYPES.some(compileTypePattern(text).matches);
}

function rightsTo(types: readonly OwnType[], backup: BackupConfig, customTypesMissing: boolean): ReadRights {
  const inCluster = types.filter((type) => namespacesOf(type, backup) === undefined);
  const names = new Set(types.flatMap((type) => namespacesOf(type, backup) ?? []));
  const namespaces = [...names].toSorted(compareUtf8).map((namespace) => ({
    namespace,
    rules: rulesTo(types.filter((type) => namespacesOf(type, backup)?.includes(namespace) === true)),
  }));
  return { cluster: rulesTo(inCluster), namespaces, customTypesMissing };
}

/** Where a right in each of these is as good as one in the whole cluster; undefined: nowhere. */
function namespacesOf(type: OwnType, backup: BackupConfig): readonly string[] | undefined {
  return createSelection(backup).objects({ ...type, version: "v1", verbs: [] }).plainNamespaces;
}

/** One rule a group, and one for all that are listed as a whole; in one order whatever the order of the types. */
function rulesTo(types: readonly OwnType[]): RbacRule[] {
  const byGroup = Map.groupBy(types, ({ group }) => group);
  const groups = [...byGroup.keys()].toSorted(compareUtf8);
  const isWhole = (group: string): boolean => byGroup.get(group)?.some(({ resource }) => resource === "*") === true;
  const whole = groups.filter(isWhole);
  const parts = groups.filter((group) => !isWhole(group));
  return [
    ...parts.map((group) => ({
      apiGroups: [group],
      resources: resourcesOf(byGroup.get(group) ?? []),
      verbs: ["list"],
    })),
    ...(whole.length === 0 ? [] : [{ apiGroups: whole, resources: ["*"], verbs: ["list"] }]),
  ];
}

function resourcesOf(types: readonly OwnType[]): string[] {
  return [...new Set(types.map(({ resource }) => resource))].toSorted(compareUtf8);
}

/** "widgets.example.com" names a type in full; a word or a pattern does not. Whether it has namespaces is not known: it may. */
function customType(text: string): OwnType[] {
  const [, resource = "", group = ""] = /^([a-z0-9-]+)\.([a-z0-9.-]+\.[a-z0-9.-]+)$/.exec(text.toLowerCase()) ?? [];
  if (resource === "" || KUBERNETES_TYPES.some((own) => own.group === group)) return [];
  return [{ group, resource, kind: "", namespaced: false }];
}
