import { describe, expect, it } from "vitest";
import { loadTexts, problemsOfTexts } from "../testing/load-yaml.ts";

const FOLDER = "store: { type: folder, path: /backups }\n";

function gitops(parts: { environments?: string; repository?: string; namespaces?: string }): string {
  const { environments, repository = "url: /r.git", namespaces = "[shop]" } = parts;
  const written = environments === undefined ? "" : `, environments: ${environments}`;
  return `${FOLDER}gitops: { namespaces: ${namespaces}, repository: { ${repository} }${written} }\n`;
}

async function problemsIn(parts: Parameters<typeof gitops>[0]): Promise<readonly string[]> {
  const problems = await problemsOfTexts([gitops(parts)]);
  return problems.map((problem) => problem.replace(/^gitops\./, "").replace(" [a.yaml:2]", ""));
}

describe("environments", () => {
  it("keep their order; one written without anything takes the defaults", async () => {
    const { config } = await loadTexts([
      gitops({ environments: "{ zeta: , alpha: { destination: { name: c1, cluster: d/n } } }" }),
    ]);
    expect(Object.entries(config.gitops?.environments ?? {})).toEqual([
      ["zeta", {}],
      ["alpha", { destination: { name: "c1", cluster: { domain: "d", name: "n" } } }],
    ]);
  });

  it.each([
    ["{ base: }", 'environments.base: expected another name: "base" is the folder that environments build on'],
    [
      "{ Dev: }",
      "environments.Dev: expected up to 63 lower-case letters, digits and '-', beginning and ending with a letter or digit",
    ],
    ["{}", "environments: expected at least one environment, or leave the key out"],
    ["{ dev: { cluster: wrl62 } }", 'environments.dev.cluster: expected a cluster as "<domain>/<name>"'],
    ["{ dev: { destination: {} } }", "environments.dev.destination: expected either server or name"],
    [
      "{ dev: { destination: { server: https://a, name: b } } }",
      "environments.dev.destination: expected either server or name",
    ],
    [
      "{ dev: { autoSync: true } }",
      "environments.dev.autoSync: does nothing without destination: no Application is written; add one or drop autoSync",
    ],
    [
      "{ dev: { destination: { name: a } }, test: { destination: { name: a } } }",
      "environments.test.destination: deploys to the same place as dev: Argo CD would let both fight over the same objects",
    ],
  ])("%s are refused", async (environments, problem) => {
    expect(await problemsIn({ environments })).toEqual([problem]);
  });

  it("may share a destination when their sources differ", async () => {
    const environments =
      "{ dev: { cluster: d/a, destination: { name: x } }, test: { cluster: d/b, destination: { name: x } } }";
    const { config } = await loadTexts([gitops({ environments })]);
    expect(Object.keys(config.gitops?.environments ?? {})).toEqual(["dev", "test"]);
  });
});

describe("namespaces", () => {
  it.each([
    ["[]", 'namespaces: expected at least one glob; all namespaces are written as ["*"]'],
    ["shop", 'namespaces: expected a list, such as ["shop", "team-*"], got "shop"'],
    ["[Shop]", 'namespaces[0]: expected the name of a namespace, or a glob with * and ?, such as "team-*"'],
  ])("%s is refused", async (namespaces, problem) => {
    expect(await problemsIn({ namespaces })).toEqual([problem]);
  });

  it("may be left out until a command needs them; the repository is required as soon as there is a gitops section", async () => {
    expect(await problemsOfTexts([`${FOLDER}gitops: { argocd: { namespace: openshift-gitops } }\n`])).toEqual([
      "gitops.repository: missing; write a section (keys with values) [a.yaml:2]",
    ]);
  });
});

describe("the repository", () => {
  it.each([
    "https://git.example.com/a/b.git",
    "ssh://git@git.example.com/a/b.git",
    "git@git.example.com:a/b.git",
    "file:///srv/b.git",
    "/srv/b.git",
  ])("may be %s", async (url) => {
    const { config } = await loadTexts([gitops({ repository: `url: "${url}"` })]);
    expect(config.gitops?.repository).toEqual({ url, base: "main", branch: "kubeferry/main" });
  });

  it("writes to a branch named after its base unless another one is named", async () => {
    const { config } = await loadTexts([gitops({ repository: "url: /r.git, base: release/1.2" })]);
    expect(config.gitops?.repository.branch).toBe("kubeferry/release/1.2");
  });

  it.each([
    [
      "url: acme/fleet",
      'url: expected an https, http, ssh or file URL, git@host:path, or a path that begins with "/" or "./"',
    ],
    ["url: 'https://bot:pw@git/x'", "url: holds credentials: write them to gitops.repository.token and username"],
    ["url: 'https://git/x?private_token=a'", "url: has a query or a fragment, where no repository has one"],
    ["url: 'https://token@git/x'", "url: holds credentials: write them to gitops.repository.token and username"],
    [
      "url: 'https://git/x', platform: gitea",
      'token: missing: platform gitea opens pull requests with it; write "${GIT_TOKEN}"',
    ],
    [
      "url: /r.git, platform: gitea, token: abcd",
      "apiUrl: missing: where the host's API is does not follow from url; write it or drop platform",
    ],
    ["url: 'https://git/x', username: bot", "username: does nothing without token; add the token or drop the username"],
    [
      "url: 'https://git/x', apiUrl: 'https://git/api'",
      "apiUrl: does nothing without platform; write the host's or drop it",
    ],
    [
      "url: 'https://git/x', platform: sourcehut, token: abcd",
      'platform: expected github, gitlab, azure-devops, bitbucket-cloud, bitbucket-server or gitea, got "sourcehut"',
    ],
    [
      "url: 'https://git/x', platform: github",
      'token: missing: platform github opens pull requests with it; write "${GIT_TOKEN}"',
    ],
    ["url: 'https://git/x', ssh: { hostKeys: strict }", "ssh: does nothing without an SSH address in url; drop it"],
    ["url: /r.git, branch: main", "branch: is the same as base: a pull request needs two branches; drop one of them"],
    ["url: /r.git, base: 'a..b'", 'base: expected a branch name that git accepts, such as "main"'],
    ["url: /r.git, branch: '--upload-pack=x'", 'branch: expected a branch name that git accepts, such as "main"'],
  ])("{ %s } is refused", async (repository, problem) => {
    expect(await problemsIn({ repository })).toEqual([`repository.${problem}`]);
  });
});
