import type { OpenedPlatform } from "@kubeferry/git-platform";
import type { Call } from "@kubeferry/model";
import type { GitOpsConfig } from "@kubeferry/shared-config";
import { createHost, type Host, withoutHost } from "./host.ts";
import { checkHostRepository, hostWarnings } from "./host-checks.ts";
import { platformOf } from "./platform-of.ts";

/** A host that was asked whether it takes what a run will bring. */
export interface OpenHost extends Host {
  /** How git is let in, asked for before each use; undefined where git has no platform's credential. */
  readonly gitLogin: OpenedPlatform["gitLogin"] | undefined;
  /** What was wished for and will not be had, a sentence each. */
  readonly warnings: readonly string[];
  close(): Promise<void>;
}

/**
 * Opens the host before anything is read or laid out, so that what it cannot do ends or changes the run at its
 * beginning. Without a platform nobody is asked.
 * @param mode "dry-run" only looks up the credential: no question is asked
 * @throws PlatformError; GitOpsError "config" for a repository that takes no pushes or no requests
 */
export async function openHost(gitops: GitOpsConfig, mode: GitOpsConfig["mode"], call: Call): Promise<OpenHost> {
  const opened = mode === "directory" ? undefined : await platformOf(gitops.repository);
  if (opened === undefined) return { ...withoutHost, ...NOTHING_OPEN };
  const { platform, repo, gitLogin } = opened;
  const close = () => platform.close();
  if (mode === "dry-run") return { ...withoutHost, gitLogin, warnings: [], close };
  try {
    const info = await platform.getHost(call);
    checkHostRepository(await platform.getRepository(repo, call), mode);
    if (mode === "push") return { ...withoutHost, gitLogin, warnings: [], close };
    const warnings = await hostWarnings(opened, info, gitops, call);
    for (const warning of warnings) call.log.warn("worth a look", { operation: "gitops_finding", warning });
    return { ...createHost({ platform, repo, info }, gitops), gitLogin, warnings, close };
  } catch (error) {
    await close();
    throw error;
  }
}

const NOTHING_OPEN = { gitLogin: undefined, warnings: [], close: async () => undefined } as const;
