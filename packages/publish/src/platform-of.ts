import { readFile } from "node:fs/promises";
import { type OpenedPlatform, openPlatform } from "@kubeferry/git-platform";
import { GitOpsError } from "@kubeferry/layout";
import { Secret } from "@kubeferry/model";
import type { RepositoryConfig } from "@kubeferry/shared-config";

/**
 * The adapter of the host that the configuration names; nothing is asked of it yet. Undefined without a platform.
 * @throws PlatformError "invalid" for an address that cannot be one of this host; GitOpsError "config" for a key that
 *   cannot be read
 */
export async function platformOf(repository: RepositoryConfig): Promise<OpenedPlatform | undefined> {
  const { platform } = repository;
  return platform === undefined ? undefined : openPlatform({ ...(await accessOf(repository)), platform });
}

/** The repository as the host's adapter takes it; a key that stands in a file is read. */
async function accessOf(repository: RepositoryConfig) {
  const { app, ...access } = repository;
  if (app === undefined) return access;
  const { id, installationId, privateKey, privateKeyFile } = app;
  const key = privateKey ?? (await readKey(privateKeyFile ?? ""));
  const installation = installationId === undefined ? {} : { installationId };
  return { ...access, app: { id, privateKey: key, ...installation } };
}

async function readKey(path: string): Promise<Secret> {
  try {
    return new Secret(await readFile(path, "utf8"));
  } catch (cause) {
    throw new GitOpsError({
      kind: "config",
      who: "gitops",
      operation: `read gitops.repository.app.privateKeyFile ${path}`,
      problem: `it cannot be read (${(cause as NodeJS.ErrnoException).code})`,
      cause,
    });
  }
}
