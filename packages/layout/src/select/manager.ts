import { annotationOf, type JsonObject, keysAt, labelOf, objectsAt, textAt } from "@kubeferry/model";

/** The Applications that count as ours, and those that are known to be somebody else's. */
export interface KnownApplications {
  /** Names of the Applications that this repository generates for the object's folder. */
  readonly ours: ReadonlySet<string>;
  /** Applications in the source cluster, by name, with the repositories they read. */
  readonly inCluster: ReadonlyMap<string, ReadonlySet<string>>;
  /** The repository that is written, as its address is configured. */
  readonly repositoryUrl: string;
}

/**
 * Who looks after an object other than its users, as the report counts them: "Helm", "Flux", "CronJob (owner)".
 * @returns undefined for an object that nobody else manages
 */
export function managerOf(object: JsonObject, known: KnownApplications): string | undefined {
  return ownerOf(object) ?? packageManagerOf(object) ?? argoCdOf(object, known);
}

function ownerOf(object: JsonObject): string | undefined {
  const owner = objectsAt(object, "metadata", "ownerReferences").find((each) => each.controller === true);
  if (owner === undefined) return undefined;
  return `${textAt(owner, "kind") ?? "another object"} (owner)`;
}

function packageManagerOf(object: JsonObject): string | undefined {
  const helm = annotationOf(object, "meta.helm.sh/release-name") !== undefined;
  if (helm && labelOf(object, "app.kubernetes.io/managed-by") === "Helm") return "Helm";
  // Helm does not mark what its hooks make. Argo CD reads both annotations, and would make such an object anew, a Job
  // run again, at every sync.
  if (annotationOf(object, "helm.sh/hook") !== undefined) return "Helm";
  if (annotationOf(object, "argocd.argoproj.io/hook") !== undefined) return "Argo CD (hook)";
  const labels = keysAt(object, "metadata", "labels");
  const annotations = keysAt(object, "metadata", "annotations");
  if (labels.some((name) => /^(kustomize|helm)\.toolkit\.fluxcd\.io\//.test(name))) return "Flux";
  if (labels.some((name) => name.startsWith("olm.") || name.startsWith("operators.coreos.com/"))) return "OLM";
  if (annotations.some((name) => name.startsWith("include.release.openshift.io/"))) return "OpenShift";
  return undefined;
}

function argoCdOf(object: JsonObject, known: KnownApplications): string | undefined {
  const application = applicationOf(object, known);
  if (application === undefined || isOurs(application, known)) return undefined;
  return `Argo CD Application ${application}`;
}

/** The Application that tracks an object, whatever the tracking method. */
function applicationOf(object: JsonObject, known: KnownApplications): string | undefined {
  const tracked = annotationOf(object, "argocd.argoproj.io/tracking-id")?.split(":", 1)[0];
  // An Application outside Argo CD's namespace is written <namespace>_<name>.
  if (tracked !== undefined) return tracked;
  const label = labelOf(object, "argocd.argoproj.io/instance");
  if (label !== undefined) return label;
  // Charts and people use this label too: it says something only where such an Application exists.
  const shared = labelOf(object, "app.kubernetes.io/instance");
  return shared !== undefined && known.inCluster.has(shared) ? shared : undefined;
}

function isOurs(application: string, known: KnownApplications): boolean {
  if (!known.ours.has(application)) return false;
  const repositories = known.inCluster.get(application);
  return repositories === undefined || repositories.has(known.repositoryUrl);
}
