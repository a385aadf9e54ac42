import { z } from "zod";
import { appSection, proxyUrl, sshSection } from "./repository-access.ts";
import { asPartial, choice, EVEN_WHEN_INVALID, filePath, secret, text, textLike } from "./values.ts";

// What git check-ref-format refuses, as far as people write it by mistake.
const BRANCH = /^(?![-/.])(?!.*(\.\.|\/\/|\/\.|@\{|\.lock(\/|$)))[^\s~^:?*[\\\p{Cc}]*[^\s~^:?*[\\\p{Cc}/.]$/u;
const BRANCH_EXPECTED = 'a branch name that git accepts, such as "main"';
const SCP_LIKE = /^[\w.-]+@[\w.-]+:[^\s]+$/;

/** `gitops.repository`: where the files go, and who opens the pull request. */
export const repositorySection = z
  .strictObject({
    url: z
      .string()
      .min(1, "must not be empty")
      .refine(isRepositoryUrl, {
        message: 'expected an https, http, ssh or file URL, git@host:path, or a path that begins with "/" or "./"',
      })
      .refine((url) => !holdsPassword(url), {
        message: "holds credentials: write them to gitops.repository.token and username",
      })
      .refine((url) => !holdsQuery(url), { message: "has a query or a fragment, where no repository has one" })
      .meta({
        description:
          "The repository: a URL without credentials, or a path. A path that begins with `./` counts from the file it stands in.",
        "x-path": "dotted",
      }),
    platform: choice(["github", "gitlab", "azure-devops", "bitbucket-cloud", "bitbucket-server", "gitea"], {
      description:
        "The host that opens the pull request (`gitea` is Forgejo too, `bitbucket-server` Data Center). Left out: the branch is pushed and no request is opened.",
    }).exactOptional(),
    base: textLike(BRANCH, BRANCH_EXPECTED, { description: "The branch that the pull request goes to." }).prefault(
      "main",
    ),
    branch: z
      .string()
      .refine((value) => BRANCH.test(value.replaceAll("{base}", "base")), `expected ${BRANCH_EXPECTED}`)
      .meta({
        description:
          "The branch that is written; `{base}` is the base. Where requests are split, each gets one that begins with it.",
      })
      .prefault("kubeferry/{base}"),
    token: secret({
      description: `Access token, sent to the repository's host only; best written as \`\${GIT_TOKEN}\`. Needed by \`platform\`.`,
    }).exactOptional(),
    username: text({
      description: "The user that the token belongs to, where the host asks for one. Needs `token`.",
    }).exactOptional(),
    apiUrl: textLike(/^https?:\/\/[^\s/@]+(\/[^\s@]*)?$/, "an http or https URL without credentials", {
      description: "The host's API, where it does not follow from `url`. Needs `platform`.",
    }).exactOptional(),
    caFile: filePath({
      description:
        "A PEM file with the certificate authorities to trust for the repository's host, for git and its API, instead of the usual ones.",
    }).exactOptional(),
    app: appSection.exactOptional(),
    ssh: sshSection.exactOptional(),
    proxy: proxyUrl,
    cacheFolder: filePath({
      description:
        "A folder in which the clone, and what a run without anything to do found, are kept between runs, readable by its owner only. Left out: each run clones and reads anew.",
    }).exactOptional(),
  })
  .superRefine((value, context) => {
    for (const [key, message] of contradictions(asPartial(value))) {
      context.addIssue({ code: "custom", path: [key], message });
    }
  }, EVEN_WHEN_INVALID)
  .transform((value) => ({ ...value, branch: value.branch.replaceAll("{base}", value.base) }))
  .meta({ description: "The Git repository that stage 2 writes to." });

function* contradictions(value: Readonly<Record<string, unknown>>): Generator<readonly [string, string]> {
  const { platform, token, username, app, apiUrl, url, base, branch, ssh } = value;
  if (platform !== undefined && token === undefined && app === undefined) {
    yield ["token", `missing: platform ${String(platform)} opens pull requests with it; write "\${GIT_TOKEN}"`];
  }
  if (app !== undefined && token !== undefined) yield ["app", "expected either app or token"];
  if (app !== undefined && platform !== "github") yield ["app", "is for platform: github only"];
  if (username !== undefined && token === undefined) {
    yield ["username", "does nothing without token; add the token or drop the username"];
  }
  if (apiUrl !== undefined && platform === undefined) {
    yield ["apiUrl", "does nothing without platform; write the host's or drop it"];
  }
  const local = typeof url === "string" && !/^https?:/.test(url);
  if (platform !== undefined && apiUrl === undefined && local && !isSsh(url)) {
    yield ["apiUrl", `missing: where the host's API is does not follow from url; write it or drop platform`];
  }
  if (ssh !== undefined && typeof url === "string" && !isSsh(url)) {
    yield ["ssh", "does nothing without an SSH address in url; drop it"];
  }
  const named = typeof branch === "string" ? branch.replaceAll("{base}", String(base ?? "main")) : undefined;
  if (named !== undefined && named === (base ?? "main")) {
    yield ["branch", "is the same as base: a pull request needs two branches; drop one of them"];
  }
}

function isSsh(url: string): boolean {
  return url.startsWith("ssh://") || (!url.includes("://") && SCP_LIKE.test(url));
}

function isRepositoryUrl(url: string): boolean {
  if (url.startsWith("/") || /^[A-Za-z]:\\/.test(url)) return true;
  if (!url.includes("://")) return SCP_LIKE.test(url);
  return URL.canParse(url) && ["https:", "http:", "ssh:", "file:"].includes(new URL(url).protocol);
}

/** A token may hide in it, and git would be given neither. */
function holdsQuery(url: string): boolean {
  return /^(https?|ssh):\/\//i.test(url) && /[?#]/.test(url);
}

function holdsPassword(url: string): boolean {
  if (!url.includes("://") || !URL.canParse(url)) return false;
  const { protocol, username, password } = new URL(url);
  // An ssh URL names its user; that is no secret.
  return password !== "" || (username !== "" && protocol !== "ssh:");
}
