import { describe, expect, it } from "vitest";
import { loadTexts, problemsOfTexts } from "../testing/load-yaml.ts";

const STORE = "store: { type: folder, path: ./store }\n";
const filter = (text: string) => `${STORE}backup: { filter: ${text} }\n`;

describe("backup.filter", () => {
  it("takes names, globs and regular expressions", async () => {
    const { config } = await loadTexts([
      filter('{ mode: hybrid, resources: { include: [deployments, "*.example.com"], exclude: ["/^old-/"] } }'),
    ]);
    expect(config.backup.filter.resources).toEqual({ include: ["deployments", "*.example.com"], exclude: ["/^old-/"] });
  });

  it.each([
    ["{ names: { exclude: [fine, '/(/'] } }", "names.exclude[1]", /is no regular expression of RE2/],
    [
      "{ namespaces: { include: ['team-[0-9]'] } }",
      "namespaces.include[0]",
      /write a regular expression between slashes/,
    ],
    ["{ resources: { include: [apps/deployments] } }", "resources.include[0]", /expected <plural>, <plural>.<group>/],
    ["{ crds: ['{a,b}.example.com'] }", "crds[0]", /stands in no name/],
    ["{ labelSelector: 'app in web' }", "labelSelector", /"app in web" is no condition; write key=value/],
    ["{ annotationSelector: 'a=b,' }", "annotationSelector", /both sides of every comma/],
    ["{ overrides: { apps/deployments: { take: true } } }", "overrides.apps/deployments", /expected <plural>/],
    ["{ overrides: { pods: { labelSelector: '=' } } }", "overrides.pods.labelSelector", /is no condition/],
  ])("%s is refused at its place", async (text, path, problem) => {
    const problems = await problemsOfTexts([filter(text)]);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(`backup.filter.${path}: `);
    expect(problems[0]).toMatch(problem);
  });

  it("refuses in backup.carryStatusOnly and acceptUnread what no type can be called", async () => {
    const problems = await problemsOfTexts([`${STORE}backup: { carryStatusOnly: ["no des"], acceptUnread: ["/("] }\n`]);
    expect(problems.map((problem) => problem.split(":", 1)[0])).toEqual([
      "backup.carryStatusOnly[0]",
      "backup.acceptUnread[0]",
    ]);
  });
});
