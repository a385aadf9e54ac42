import { expect, it } from "vitest";
import { call, type Suite, withRequest } from "./suite.contract.ts";

/** Verdicts on commits. */
export function statusTests(suite: Suite): void {
  const shared: { request?: ReturnType<typeof withRequest> } = {};
  const request = () => {
    shared.request ??= withRequest(suite);
    return shared.request;
  };
  it("sets a commit status, changes it, takes the same again, and keeps names apart", async (context) => {
    suite.needs(context, "commitStatus");
    const { place, open } = await request();
    const commit = await place.commitOf(open.from);
    const platform = suite.platform();
    const read = (name: string) => platform.getCommitStatus(place.repo, commit, name, call());
    const success = {
      context: "kubeferry/validation",
      state: "success",
      description: "12 objects, größe ok",
      url: open.url,
    } as const;
    expect(await read(success.context)).toBeUndefined();
    await platform.setCommitStatus(place.repo, commit, success, call());
    expect(await read(success.context)).toEqual(success);
    await platform.setCommitStatus(place.repo, commit, success, call());
    expect(await read(success.context)).toEqual(success);
    const failure = { ...success, state: "failure", description: "2 objects are not valid" } as const;
    await platform.setCommitStatus(place.repo, commit, failure, call());
    expect(await read(success.context)).toEqual(failure);
    await platform.setCommitStatus(place.repo, commit, { ...success, context: "other" }, call());
    expect(await read(success.context)).toEqual(failure);
    expect(await read("other")).toEqual({ ...success, context: "other" });
  });

  it("takes a description up to its limit", async (context) => {
    suite.needs(context, "commitStatus");
    const { place, open } = await request();
    const commit = await place.commitOf(open.from);
    const description = "ü".repeat(suite.platform().limits.statusLength);
    const status = { context: "kubeferry/long", state: "success", description, url: open.url } as const;
    await suite.platform().setCommitStatus(place.repo, commit, status, call());
    expect(await suite.platform().getCommitStatus(place.repo, commit, status.context, call())).toEqual(status);
  });
}
