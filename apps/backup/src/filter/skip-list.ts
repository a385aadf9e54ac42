/** One line of the list of types that a backup leaves out unless told otherwise. */
interface SkipRule {
  readonly group: string;
  /** "*": every resource of the group. */
  readonly resources: readonly string[] | "*";
  readonly reason: string;
}

const VIEW_OF_RBAC = "a view of rbac.authorization.k8s.io, which is captured";
const VIEW_OF_STREAMS = "a view of image streams, which are captured";
const SESSION = "a login session's token, renewed by the control plane";
const MEASURED = "measurements, not state";

/** Types left out by default, each with its reason. `backup.filter.alsoTake` brings one back. */
const SKIPPED_BY_DEFAULT: readonly SkipRule[] = [
  { group: "", resources: ["events"], reason: "a log that expires by itself" },
  { group: "events.k8s.io", resources: ["events"], reason: "a log that expires by itself" },
  { group: "coordination.k8s.io", resources: ["leases", "leasecandidates"], reason: "heartbeats of running processes" },
  { group: "", resources: ["componentstatuses"], reason: MEASURED },
  { group: "metrics.k8s.io", resources: "*", reason: MEASURED },
  { group: "custom.metrics.k8s.io", resources: "*", reason: MEASURED },
  { group: "external.metrics.k8s.io", resources: "*", reason: MEASURED },
  { group: "packages.operators.coreos.com", resources: ["packagemanifests"], reason: "a view of operator catalogues" },
  { group: "authorization.openshift.io", resources: "*", reason: VIEW_OF_RBAC },
  { group: "project.openshift.io", resources: ["projects"], reason: "a view of namespaces, which are captured" },
  { group: "image.openshift.io", resources: ["imagestreamtags", "imagetags"], reason: VIEW_OF_STREAMS },
  { group: "oauth.openshift.io", resources: ["useroauthaccesstokens"], reason: "a view of OAuth access tokens" },
  { group: "oauth.openshift.io", resources: ["oauthaccesstokens", "oauthauthorizetokens"], reason: SESSION },
];

/** Why a type is left out unless somebody asks for it; undefined when it is not. */
export function defaultSkip(type: { readonly group: string; readonly resource: string }): string | undefined {
  return SKIPPED_BY_DEFAULT.find((each) => each.group === type.group && matches(each, type.resource))?.reason;
}

/** True for groups of which nothing is taken by default: that one of them does not answer is no loss. */
export function isGroupSkipped(group: string): boolean {
  return SKIPPED_BY_DEFAULT.some((rule) => rule.group === group && rule.resources === "*");
}

function matches(rule: SkipRule, resource: string): boolean {
  return rule.resources === "*" || rule.resources.includes(resource);
}
