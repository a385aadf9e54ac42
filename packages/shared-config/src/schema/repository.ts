import { z } from "zod";
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
      .meta({
        description:
          "The repository: a URL without credentials, or a path. A path that begins with `./` counts from the file it stands in.",
        "x-path": "dotted",
      }),
    platform: choice(["gitea"], {
      description: "The host that opens the pull request. Left out: the branch is pushed and no request is opened.",
    }).exactOptional(),
    base: textLike(BRANCH, BRANCH_EXPECTED, { description: "The branch that the pull request goes to." }).prefault(
      "main",
    ),
    branch: textLike(BRANCH, BRANCH_EXPECTED, {
      description: "The branch that is written. Left out: `kubeferry/<base>`.",
    }).exactOptional(),
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
        "A PEM file with the certificate authorities to trust for the repository's host, beside the usual ones.",
    }).exactOptional(),
  })
  .superRefine((value, context) => {
    for (const [key, message] of contradictions(asPartial(value))) {
      context.addIssue({ code: "custom", path: [key], message });
    }
  }, EVEN_WHEN_INVALID)
  .transform((value) => ({ ...value, branch: value.branch ?? `kubeferry/${value.base}` }))
  .meta({ description: "The Git repository that stage 2 writes to." });

function* contradictions(value: Readonly<Record<string, unknown>>): Generator<readonly [string, string]> {
  if (value.platform !== undefined && value.token === undefined) {
    yield ["token", `missing: platform ${String(value.platform)} opens pull requests with it; write "\${GIT_TOKEN}"`];
  }
  if (value.username !== undefined && value.token === undefined) {
    yield ["username", "does nothing without token; add the token or drop the username"];
  }
  if (value.apiUrl !== undefined && value.platform === undefined) {
    yield ["apiUrl", "does nothing without platform; write platform: gitea or drop it"];
  }
  const local = typeof value.url === "string" && !/^https?:/.test(value.url);
  if (value.platform !== undefined && value.apiUrl === undefined && local) {
    yield ["apiUrl", `missing: where the host's API is does not follow from url; write it or drop platform`];
  }
  if (value.branch !== undefined && value.branch === value.base) {
    yield ["branch", "is the same as base: a pull request needs two branches; drop one of them"];
  }
}

function isRepositoryUrl(url: string): boolean {
  if (url.startsWith("/") || /^[A-Za-z]:\\/.test(url)) return true;
  if (!url.includes("://")) return SCP_LIKE.test(url);
  return URL.canParse(url) && ["https:", "http:", "ssh:", "file:"].includes(new URL(url).protocol);
}

function holdsPassword(url: string): boolean {
  if (!url.includes("://") || !URL.canParse(url)) return false;
  const { protocol, username, password } = new URL(url);
  // An ssh URL names its user; that is no secret.
  return password !== "" || (username !== "" && protocol !== "ssh:");
}
