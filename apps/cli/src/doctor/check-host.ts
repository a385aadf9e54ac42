import type { BranchRules, HostInfo, OpenedPlatform } from "@kubeferry/git-platform";
import type { Call } from "@kubeferry/model";
import type { Config } from "@kubeferry/shared-config";
import { check, type Finding } from "./check.ts";

const PAGE = "docs/hosts.md names the token and the rights for each host";

/** Who the host is and whom it takes the token for, what it lacks, the repository, and the rules of the base branch. */
export async function checkHost(
  opened: OpenedPlatform,
  gitops: NonNullable<Config["gitops"]>,
  call: Call,
): Promise<Finding[]> {
  const { platform, repo } = opened;
  const { checkHostRepository, hostWarnings } = await import("@kubeferry/publish");
  const asked: { info?: HostInfo } = {};
  const findings = [
    await check("host", PAGE, async () => {
      asked.info = await platform.getHost(call);
      return described(asked.info);
    }),
    await check("host: repository", PAGE, async () => {
      const found = await platform.getRepository(repo, call);
      checkHostRepository(found, gitops.mode);
      const rights =
        found.canPush === undefined ? "the host does not tell whether the token may push" : "may be pushed";
      return `${found.url}, ${rights}`;
    }),
    await check(`host: rules of ${gitops.repository.base}`, PAGE, async () => {
      const rules = await platform.getBranchRules(repo, gitops.repository.base, call);
      await checkRules(rules, gitops);
      return rulesText(rules);
    }),
  ];
  const { info } = asked;
  if (info === undefined || gitops.mode !== "pull-request") return findings;
  const wishes = await check("host: what is asked for", PAGE, async () => {
    const warnings = await hostWarnings(opened, info, gitops, call);
    return warnings.length === 0 ? "all of gitops.pullRequest can be had" : warnings.join("; ");
  });
  return [...findings, wishes];
}

function described({ product, user, scopes }: HostInfo): string {
  const who = user === undefined ? "the host does not tell whose token it is" : `as ${user}`;
  const may = scopes === undefined ? "" : `, scopes: ${scopes.length === 0 ? "none" : scopes.join(", ")}`;
  return `${product}, ${who}${may}`;
}

/** What would end a run, or leave its request where nobody can merge it. */
async function checkRules(
  { mayPush, requiredStatuses }: BranchRules,
  gitops: NonNullable<Config["gitops"]>,
): Promise<void> {
  const [{ GitOpsError }, { STATUS_CONTEXT }] = await Promise.all([
    import("@kubeferry/layout"),
    import("@kubeferry/publish"),
  ]);
  const refuse = (problem: string, next: string): never => {
    throw new GitOpsError({ kind: "config", who: "doctor", operation: "look at the branch's rules", problem, next });
  };
  const { base } = gitops.repository;
  if (gitops.mode === "push" && mayPush === false)
    refuse(`${base} is protected from this token`, "set gitops.mode: pull-request, or let the token push to it");
  const isAskedFor = requiredStatuses.includes(STATUS_CONTEXT);
  if (gitops.mode === "pull-request" && isAskedFor && !gitops.pullRequest.status)
    refuse(`${base} wants the status ${STATUS_CONTEXT}, and nobody sets it`, "set gitops.pullRequest.status: true");
}

function rulesText({ protected: isProtected, requiredStatuses }: BranchRules): string {
  if (isProtected === undefined) return "the host does not tell this token";
  if (!isProtected) return "none: whoever may push may push to it";
  return requiredStatuses.length === 0
    ? "protected; no status is required"
    : `protected; required: ${requiredStatuses.join(", ")}`;
}
