import { describe, expect, it } from "vitest";
import { loadTexts, problemsOfTexts } from "../testing/load-yaml.ts";

function written(section: string): string {
  return `store: { type: folder, path: /backups }\ngitops: { repository: { url: /r.git }, ${section} }\n`;
}

async function problemsIn(section: string): Promise<readonly string[]> {
  const problems = await problemsOfTexts([written(section)]);
  return problems.map((problem) => problem.replace(/^gitops\./, "").replace(" [a.yaml:2]", ""));
}

describe("what becomes of the result", () => {
  it("is a branch and a request, in our own words, unless something else is written", async () => {
    const { config } = await loadTexts([written("namespaces: [shop]")]);
    expect(config.gitops).toMatchObject({
      mode: "pull-request",
      commit: {
        author: { name: "kubeferry", email: "kubeferry@localhost" },
        subject: "{title}",
        body: "{summary}",
        trailers: {},
      },
      pullRequest: { title: "{title}", body: "{body}", draft: false, autoMerge: "off", status: true, split: "auto" },
    });
  });

  it("may keep a directory for `--mode directory`", async () => {
    const { config } = await loadTexts([written("mode: push, directory: /srv/fleet")]);
    expect(config.gitops).toMatchObject({ mode: "push", directory: "/srv/fleet" });
  });

  it.each(["flat: true", "layout: clusters"])("may be one request an environment with %s", async (shape) => {
    const { config } = await loadTexts([written(`${shape}, pullRequest: { split: environment }`)]);
    expect(config.gitops?.pullRequest.split).toBe("environment");
  });

  it.each([
    ["mode: directory", "directory: missing: mode directory writes there"],
    [
      "pullRequest: { split: environment }",
      "pullRequest.split: environment needs flat: true or layout: clusters: a base is shared by all environments, so that none of them can be approved apart",
    ],
    [
      "pullRequest: { split: cluster }",
      "pullRequest.split: cluster needs flat: true or layout: clusters: a base is shared by all environments, so that none of them can be approved apart",
    ],
    [
      "pullRequest: { draft: true, autoMerge: squash }",
      "pullRequest.autoMerge: contradicts draft: no host merges a draft; drop one of them",
    ],
    [
      'pullRequest: { title: "{run-id}: {title}" }',
      "pullRequest.title: {run-id} is not known here; expected {title}, {clusters}, {environments}, {base}, {branch}, {part}",
    ],
    ['pullRequest: { title: "a\\nb" }', "pullRequest.title: expected one line"],
    [
      'commit: { subject: "{body}" }',
      "commit.subject: {body} is not known here; expected {title}, {clusters}, {snapshots}, {base}, {part}",
    ],
    ['commit: { subject: "a\\nb" }', "commit.subject: expected one line"],
    [
      "commit: { trailers: { Kubeferry-Run: mine } }",
      'commit.trailers.Kubeferry-Run: expected a name such as "Ticket", and none of ours',
    ],
    ["commit: { author: { email: nobody } }", "commit.author.email: expected an email address"],
    ["commit: { author: { email: bot@example.com. } }", "commit.author.email: expected an email address"],
    [`commit: { author: { email: "'bot@example.com'" } }`, "commit.author.email: expected an email address"],
    ['commit: { author: { email: "b\\eot@example.com" } }', "commit.author.email: expected an email address"],
    ['commit: { author: { name: " ..." } }', "commit.author.name: expected a name with a letter or a digit"],
    ["commit: { signing: { format: ssh } }", "commit.signing.keyFile: expected either keyFile or key"],
  ])("cannot be { %s }", async (section, problem) => {
    const [first = "", ...others] = await problemsIn(section);
    expect(first.startsWith(problem), first).toBe(true);
    expect(others).toEqual([]);
  });
});
