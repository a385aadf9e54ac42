import type { Call } from "@kubeferry/model";
import { type BranchTip, listBranches } from "./branch-history.ts";
import { connect, type RemoteOptions } from "./connect.ts";
import { checkVersion, initialiseClone } from "./prepare-clone.ts";
import { makePrivatePlace } from "./private-place.ts";
import { parseRemoteUrl } from "./remote-url.ts";

/**
 * Every branch of a remote and where it is now, in the order of the names' bytes: one request, and nothing is fetched.
 * @throws GitError as `openWorkTree`
 */
export async function listRemoteBranches(
  options: RemoteOptions & { readonly url: string },
  call: Call,
): Promise<readonly BranchTip[]> {
  const remote = parseRemoteUrl(options.url);
  const place = await makePrivatePlace(undefined);
  try {
    const git = await connect(place, options, remote, call);
    await checkVersion(git, call);
    await initialiseClone(git, { folder: place.tree, base: "", remote, roots: undefined }, call);
    return await listBranches(git, "", call);
  } finally {
    await place.remove();
  }
}
