import type { GitOpsConfig } from "@kubeferry/shared-config";

/**
 * What tells a repository from others in metrics: "git.example.com/acme/fleet.git", whichever way it is reached, and
 * never with who logs in; in mode `directory` the folder.
 */
export function repositoryLabel({
  mode,
  directory,
  repository,
}: Pick<GitOpsConfig, "mode" | "directory" | "repository">): string {
  if (mode === "directory" && directory !== undefined) return directory;
  const { url } = repository;
  if (URL.canParse(url) && url.includes("://")) {
    const { host, pathname } = new URL(url);
    return `${host}${pathname}`;
  }
  // git@host:owner/name.git
  const [, host, path] = /^(?:[^@/]*@)?([^:/]+):(?!\/\/)(.*)$/.exec(url) ?? [];
  return host === undefined ? url : `${host}/${path}`;
}
