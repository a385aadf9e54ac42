import type { WorkTreeOptions } from "@kubeferry/git";
import type { GitOpsConfig } from "@kubeferry/shared-config";
import type { OpenHost } from "./open-host.ts";

/** How git reaches the repository and writes its commits; a platform's own credential goes before the configured one. */
export function workTreeOptions(
  { repository, commit }: Pick<GitOpsConfig, "repository" | "commit">,
  { gitLogin }: Pick<OpenHost, "gitLogin">,
): WorkTreeOptions {
  const { url, base, ssh, proxy, caFile, cacheFolder } = repository;
  const { author, signing } = commit;
  return {
    url,
    base,
    author,
    ...credentialsOf(repository, gitLogin),
    ...(ssh === undefined ? {} : { ssh }),
    ...(proxy === undefined ? {} : { proxy }),
    ...(caFile === undefined ? {} : { caFile }),
    ...(cacheFolder === undefined ? {} : { cacheFolder }),
    ...(signing === undefined ? {} : { signing }),
  };
}

/** The user that hosts take a token from where they do not ask for one. */
const ANY_USER = "x-access-token";

function credentialsOf(
  { token, username = ANY_USER }: GitOpsConfig["repository"],
  gitLogin: OpenHost["gitLogin"],
): Pick<WorkTreeOptions, "credentials"> {
  if (gitLogin !== undefined) return { credentials: gitLogin };
  return token === undefined ? {} : { credentials: { scheme: "basic", username, token } };
}
