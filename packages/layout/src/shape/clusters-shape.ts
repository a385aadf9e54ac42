import { ARGOCD_FOLDER, CLUSTER_FOLDER } from "../catalog.ts";
import type { LogicalPath, RepositoryShape } from "./shape.ts";

/** Holds what belongs to no single environment. No environment's name begins with "_", and no namespace's. */
const ALL = "_all";

/**
 * `clusters/<env>-cluster/{namespaces/<ns>,cluster,applications}` and `environments/<env>`. What is said of a namespace
 * in all environments, and whose files they are, lies in `clusters/_all`; the project lies in `environments`.
 */
export const clustersShape: RepositoryShape = {
  id: "clusters",
  standalone: true,
  roots: ["clusters", "environments"],
  place(folder, path) {
    if (folder === ARGOCD_FOLDER) return placeOfArgoCd(path);
    const slash = path.indexOf("/");
    if (slash < 0) return `clusters/${ALL}/${folder}/${path}`;
    const cluster = `clusters/${path.slice(0, slash)}-cluster`;
    const inside = path.slice(slash + 1);
    const [application, place] = /^application(-[^/]+)?\.yaml$/s.exec(inside) ?? [];
    if (application === undefined) return `${cluster}/${folder}/${inside}`;
    return `${cluster}/applications/${nameOf(folder)}${place === undefined ? "" : `.${place.slice(1)}`}.yaml`;
  },
  parse(place) {
    if (place.startsWith("environments/")) return parseArgoCd(place.slice("environments/".length));
    const [, top = "", rest = ""] = /^clusters\/([^/]+)\/(.+)$/s.exec(place) ?? [];
    const environment = /^(.+)-cluster$/s.exec(top)?.[1];
    if (environment !== undefined) return parseOfEnvironment(environment, rest);
    if (top !== ALL) return undefined;
    const shared = parseFolder(rest);
    return shared?.path.includes("/") ? undefined : shared;
  },
  rootSource: (environment) => ({
    path: `clusters/${environment}-cluster/applications`,
    include: "*.yaml",
    recurse: false,
  }),
};

/** A namespace's name holds neither "." nor "_", so that no two Applications share a file. */
function nameOf(folder: string): string {
  return folder === CLUSTER_FOLDER ? `_${CLUSTER_FOLDER}` : folder.slice("namespaces/".length);
}

function placeOfArgoCd(path: string): string {
  const environment = /^root-([^/]+)\.yaml$/s.exec(path)?.[1];
  if (environment !== undefined) return `environments/${environment}/root.yaml`;
  return path.includes("/") ? `environments/${ALL}/${path}` : `environments/${path}`;
}

function parseArgoCd(inside: string): LogicalPath | undefined {
  const environment = /^([^/]+)\/root\.yaml$/s.exec(inside)?.[1];
  if (environment !== undefined && environment !== ALL)
    return { folder: ARGOCD_FOLDER, path: `root-${environment}.yaml` };
  if (!inside.includes("/")) return inside === "" ? undefined : { folder: ARGOCD_FOLDER, path: inside };
  const path = inside.startsWith(`${ALL}/`) ? inside.slice(ALL.length + 1) : "";
  return path.includes("/") ? { folder: ARGOCD_FOLDER, path } : undefined;
}

function parseOfEnvironment(environment: string, rest: string): LogicalPath | undefined {
  const application = /^applications\/([^/]+)\.yaml$/s.exec(rest)?.[1];
  if (application === undefined) {
    const inside = parseFolder(rest);
    return inside === undefined || /^application(-[^/]+)?\.yaml$/s.test(inside.path)
      ? undefined
      : { folder: inside.folder, path: `${environment}/${inside.path}` };
  }
  const dot = application.indexOf(".");
  const name = dot < 0 ? application : application.slice(0, dot);
  const place = dot < 0 ? "" : `-${application.slice(dot + 1)}`;
  const folder = name === `_${CLUSTER_FOLDER}` ? CLUSTER_FOLDER : `namespaces/${name}`;
  return name === "" || place === "-" ? undefined : { folder, path: `${environment}/application${place}.yaml` };
}

function parseFolder(rest: string): LogicalPath | undefined {
  const [, folder, path] = /^(namespaces\/[^/]+|cluster)\/(.+)$/s.exec(rest) ?? [];
  return folder === undefined || path === undefined ? undefined : { folder, path };
}
