import { expect, it, vi } from "vitest";
import type { ContractRepository } from "./contract-host.contract.ts";
import { call, expectKind, type Suite, WANT, withBranches, withRequest } from "./suite.contract.ts";

/** Merging by the host itself. */
export function autoMergeTests(suite: Suite): void {
  it("merges by itself once the required status is there, and deletes the branch", async (context) => {
    suite.needs(context, "autoMerge");
    const { place, open, commit } = await waiting(suite);
    const platform = suite.platform();
    await platform.enableAutoMerge(open, { method: "merge", commit }, call());
    await platform.enableAutoMerge(open, { method: "merge", commit }, call());
    expect(await place.look(open.number)).toMatchObject({ state: "open" });
    expect((await place.look(open.number)).autoMerge).not.toBe(false);
    const status = { context: "ci/test", state: "success", description: "ok", url: open.url } as const;
    await platform.setCommitStatus(place.repo, commit, status, call());
    await untilState(place, open.number, "merged");
  });

  it("merges nothing after it was taken back, which may be done twice", async (context) => {
    suite.needs(context, "autoMerge");
    const { place, open, commit } = await waiting(suite);
    const platform = suite.platform();
    await platform.cancelAutoMerge(open, call());
    await platform.enableAutoMerge(open, { method: "default", commit }, call());
    await platform.cancelAutoMerge(open, call());
    await platform.cancelAutoMerge(open, call());
    expect((await place.look(open.number)).autoMerge).not.toBe(true);
    const status = { context: "ci/test", state: "success", description: "ok", url: open.url } as const;
    await platform.setCommitStatus(place.repo, commit, status, call());
    expect((await place.look(open.number)).state).toBe("open");
    // Set again: what was taken back can be asked for anew.
    await platform.enableAutoMerge(open, { method: "default", commit }, call());
    await untilState(place, open.number, "merged");
  });

  it("calls it invalid for a draft", async (context) => {
    suite.unless(context, "draftAutoMerge");
    suite.needs(context, "autoMerge");
    suite.needs(context, "draft");
    const { place, open } = await withRequest(suite, { draft: true });
    const commit = await place.commitOf(open.from);
    await expectKind(suite.platform().enableAutoMerge(open, { method: "merge", commit }, call()), "invalid");
    expect((await place.look(open.number)).state).toBe("open");
  });
}

/** An open request whose base demands a status that there is not yet. */
async function waiting(suite: Suite) {
  const place = await withBranches(suite, WANT.from);
  await place.protect("main", ["ci/test"]);
  const open = await suite.platform().createPullRequest(place.repo, WANT, call());
  return { place, open, commit: await place.commitOf(WANT.from) };
}

async function untilState(place: ContractRepository, number: number, state: string): Promise<void> {
  await vi.waitUntil(async () => (await place.look(number)).state === state, { timeout: 30_000, interval: 200 });
}
