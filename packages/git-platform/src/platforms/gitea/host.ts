import type { Call } from "@kubeferry/model";
import type { ForgeHttp } from "../../http/forge-http.ts";
import type { HostInfo } from "../../platform.ts";
import { PlatformError } from "../../platform-error.ts";
import { GiteaUser, GiteaVersion } from "./schema.ts";

/** The first versions that can merge a request by themselves and delete its branch. */
const AUTO_MERGE_SINCE = { gitea: [1, 24], forgejo: [10, 0] } as const;

/** Asks the host for its version, and whom the token speaks for. */
export async function getHost(http: ForgeHttp, call: Call): Promise<HostInfo> {
  const { version } = await http.json(
    { method: "GET", path: "/version", answer: GiteaVersion, operation: "look at the host" },
    call,
  );
  return { ...readVersion(version), user: await whoAmI(http, call), scopes: undefined };
}

/** Forgejo puts its own version first: "11.0.3+gitea-1.22.0". */
function readVersion(version: string): Pick<HostInfo, "product" | "can"> {
  const own = version.replace(/\+.*$/, "");
  const forgejo = /\+gitea-/.test(version);
  const [major, minor] = forgejo ? AUTO_MERGE_SINCE.forgejo : AUTO_MERGE_SINCE.gitea;
  const [ownMajor = 0, ownMinor = 0] = own.split(".").map((part) => Number.parseInt(part, 10));
  return {
    product: `${forgejo ? "Forgejo" : "Gitea"} ${own}`,
    can: {
      draft: true,
      labels: true,
      reviewers: true,
      teamReviewers: true,
      assignees: true,
      milestone: true,
      autoMerge: ownMajor > major || (ownMajor === major && ownMinor >= minor),
      commitStatus: true,
    },
  };
}

async function whoAmI(http: ForgeHttp, call: Call): Promise<string | undefined> {
  const request = { method: "GET", path: "/user", answer: GiteaUser, operation: "look at the token's user" } as const;
  try {
    return (await http.json(request, call)).login;
  } catch (error) {
    // 403: a token without the scope read:user, which nothing else needs.
    if (error instanceof PlatformError && error.kind === "denied" && error.status === 403) return undefined;
    throw error;
  }
}
