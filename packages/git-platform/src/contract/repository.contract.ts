import { expect, it } from "vitest";
import { call, expectKind, type Suite, withBranches } from "./suite.contract.ts";

/** The host and its repositories. */
export function repositoryTests(suite: Suite): void {
  it("says which product it is and what it can do", async () => {
    const info = await suite.platform().getHost(call());
    expect(info.product).toMatch(/^[A-Z]/);
    expect(Object.values(info.can).every((each) => typeof each === "boolean")).toBe(true);
    expect(info.user).not.toBe("");
  });

  it("tells a repository's default branch and that this token may push", async () => {
    const { repo } = await suite.host().freshRepository();
    const found = await suite.platform().getRepository(repo, call());
    expect(found).toMatchObject({
      repo,
      url: expect.stringMatching(/^https?:\/\//),
      defaultBranch: "main",
      empty: false,
      archived: false,
      takesPullRequests: true,
    });
    expect([true, undefined]).toContain(found.canPush);
  });

  it("tells what protects a branch, and a branch without rules apart", async (context) => {
    suite.unless(context, "branchRules");
    const place = await withBranches(suite, "release/1.0");
    const rules = (branch: string) => suite.platform().getBranchRules(place.repo, branch, call());
    const free = await rules("release/1.0");
    expect([false, undefined]).toContain(free.protected);
    expect([true, undefined]).toContain(free.mayPush);
    expect(free.requiredStatuses).toEqual([]);
    await place.protect("release/1.0", ["kubeferry/validation", "ci/test"]);
    const bound = await rules("release/1.0");
    expect(bound.protected).toBe(true);
    expect([false, undefined]).toContain(bound.mayPush);
    expect([...bound.requiredStatuses].sort()).toEqual(["ci/test", "kubeferry/validation"]);
    expect((await rules("main")).protected).not.toBe(true);
  });

  it("says not-found for a branch that does not exist", async () => {
    const { repo } = await suite.host().freshRepository();
    await expectKind(suite.platform().getBranchRules(repo, "no/such", call()), "not-found");
  });
}
