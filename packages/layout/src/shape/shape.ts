import { kustomizationPath } from "../folders/file-name.ts";

/** A file by what it is for, whatever the repository looks like. */
export interface LogicalPath {
  /** "namespaces/shop", "cluster", "argocd". */
  readonly folder: string;
  /** In that folder: "prod/deployment-web.yaml", "secrets.todo.md", "project.yaml". */
  readonly path: string;
}

/** What an Application of plain files reads, as Argo CD takes it. */
export interface DirectorySource {
  /** From the root of the repository. */
  readonly path: string;
  /** A glob on paths from there. In Argo CD's, `*` also goes past a "/". */
  readonly include: string;
  readonly recurse: boolean;
}

/**
 * Where the files of a repository lie. Everything else counts in folders and in paths within them; only here do they
 * become paths of the repository, and back.
 */
export interface RepositoryShape {
  /** As `gitops.layout` names it. */
  readonly id: "namespaces" | "clusters";
  /** True where each environment's folder holds its objects whole: an overlay could not reach a base. */
  readonly standalone: boolean;
  /** The folders at the root of the repository below which everything lies that is ever written. */
  readonly roots: readonly string[];
  /** The path in the repository. No two files share one. */
  place(folder: string, path: string): string;
  /** What a path in the repository is for; undefined for one that `place` never gives. */
  parse(place: string): LogicalPath | undefined;
  /** Where an environment's Application of Applications finds them: these and no other files. */
  rootSource(environment: string): DirectorySource;
}

/** The folder that an Application deploys, from the root of the repository: where its kustomization lies. */
export function overlayPlace(shape: RepositoryShape, folder: string, environment: string): string {
  const place = shape.place(folder, kustomizationPath(environment));
  return place.slice(0, place.lastIndexOf("/"));
}

/** A file as people are shown it under its folder's name: from that folder where it lies there, else from the root. */
export function shownPath(shape: RepositoryShape, folder: string, path: string): string {
  const place = shape.place(folder, path);
  return place.startsWith(`${folder}/`) ? place.slice(folder.length + 1) : place;
}
