import type { GitOpsReport, RequestReport } from "@kubeferry/model";
import { describe, expect, it } from "vitest";
import { failedBackup } from "../stages/failed-reports.ts";
import { describeBackup, describeGitOps } from "./reports.ts";

const COMMIT = "0123456789abcdef0123456789abcdef01234567";
const FILES = { written: 2, changed: 0, removed: 0 };
const NOTHING: GitOpsReport = {
  stage: "gitops",
  status: "complete",
  snapshot: "a/b/1.json",
  files: { written: 0, changed: 0, removed: 0 },
  frozen: [],
  blocked: [],
  validation: { errors: 0, warnings: 0, findings: [] },
  warnings: [],
  mode: "pull-request",
  commit: "",
  branch: "kubeferry/main",
  pullRequest: null,
  requests: [],
};
const REQUEST: RequestReport = {
  part: "shop",
  branch: "kubeferry/main--shop",
  commit: COMMIT,
  outcome: "created",
  url: "https://git/pulls/1",
  number: 1,
  files: FILES,
};

/** What it says of the outcome, between the files and everything else. */
function outcome(report: Partial<GitOpsReport>): readonly string[] {
  return describeGitOps({ ...NOTHING, ...report })
    .split("\n")
    .slice(2)
    .map((line) => line.trim());
}

describe("what stage 2 did, for people", () => {
  it.each<[string, Partial<GitOpsReport>, readonly string[]]>([
    ["nothing", {}, ["nothing changed: no commit"]],
    [
      "one request",
      {
        commit: COMMIT,
        pullRequest: { url: "https://git/pulls/1", number: 1, outcome: "created" },
        requests: [REQUEST],
      },
      ["commit 0123456789ab on kubeferry/main", "pull request #1 created: https://git/pulls/1"],
    ],
    [
      "several requests",
      {
        commit: COMMIT,
        requests: [
          REQUEST,
          { ...REQUEST, part: "team", commit: "", outcome: "unchanged", url: "https://git/pulls/2", number: 2 },
          { ...REQUEST, part: "mail", commit: "", outcome: "failed", url: null, number: null, error: "git: no" },
        ],
      },
      [
        "shop: commit 0123456789ab on kubeferry/main--shop, pull request #1 created: https://git/pulls/1",
        "team: pull request #2 unchanged: https://git/pulls/2",
        "mail: failed: git: no",
      ],
    ],
    ["a push", { mode: "push", branch: "main", commit: COMMIT }, ["commit 0123456789ab pushed to main"]],
    ["a push of nothing", { mode: "push", branch: "main" }, ["nothing changed: no commit"]],
    [
      "files in a folder",
      { mode: "directory", directory: "/srv/fleet", files: FILES },
      ["written to /srv/fleet: no commit, nothing was pushed"],
    ],
    ["a folder that stays", { mode: "directory", directory: "/srv/fleet" }, ["nothing changed in /srv/fleet"]],
    ["a dry run", { mode: "dry-run", proposed: [] }, ["dry run: nothing was pushed"]],
  ])("says of %s what became of it", (_what, report, expected) => {
    expect(outcome(report)).toEqual(expected);
  });

  it("says how many objects others look after, and names the ten who have most", () => {
    const lookedAfter = [
      { by: "Helm", objects: 40 },
      ...Array.from({ length: 12 }, (_, at) => ({ by: `a${at}`, objects: 2 })),
    ];
    expect(outcome({ lookedAfter: lookedAfter.slice(0, 2) }).slice(1)).toEqual([
      "not in Git, as others look after them: Helm (40), a0 (2)",
    ]);
    expect(outcome({ lookedAfter })[1]).toMatch(/: Helm \(40\), a0 \(2\), .*, a8 \(2\), others \(6\)$/);
  });

  it("gives a name with line ends no line of its own", () => {
    const blocked = [{ object: "Role shop/a\n  pull request #7 created", reason: "broken" }];
    expect(outcome({ blocked }).slice(1)).toEqual(["left out: Role shop/a\\u000a  pull request #7 created: broken"]);
  });

  it("says what built the overlays, and of which nobody can tell", () => {
    const verification = { overlays: 1, objects: 3, differing: 0, differences: [] };
    const reason = "this run leaves the folder as it is";
    const notVerified = [{ overlay: "namespaces/shop", because: "left-alone" as const, reason }];
    expect(outcome({ verification: { ...verification, by: "kubectl", notVerified } }).slice(1)).toEqual([
      "verified: 1 overlay built with kubectl, 3 objects, no difference",
      "not verified: namespaces/shop: this run leaves the folder as it is",
    ]);
    expect(outcome({ verification: { ...verification, by: "model", notVerified: [] } }).slice(1)).toEqual([
      "verified: 1 overlay built with kubeferry's own model of kustomize (neither kustomize nor kubectl on PATH), 3 objects, no difference",
    ]);
  });
});

describe("what stage 1 did, for people", () => {
  it("names the objects that are too large for the mirror, twenty of them", () => {
    const tooLarge = Array.from({ length: 22 }, (_, index) => ({
      object: `configmaps/shop/m-${index}`,
      sizeBytes: 2 ** 20,
    }));
    const lines = describeBackup({ ...failedBackup(undefined), mirror: { put: 0, deleted: 0, tooLarge } }).split("\n");
    const said = lines.indexOf("  not in the mirror, larger than backup.mirror.maxResourceSize: 22 objects");
    expect(lines[said + 1]).toBe("    configmaps/shop/m-0: 1.0 MiB");
    expect(lines[said + 20]).toBe("    configmaps/shop/m-19: 1.0 MiB");
    expect(lines[said + 21]).toBe("    and 2 more");
    expect(describeBackup(failedBackup(undefined))).not.toContain("maxResourceSize");
  });
});
