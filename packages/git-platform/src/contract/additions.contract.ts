import { expect, it } from "vitest";
import { call, NOTHING, type Suite, withRequest } from "./suite.contract.ts";

/** Labels, people and milestones. */
export function additionTests(suite: Suite): void {
  // One request for all of them: nothing that one test adds is looked at by another.
  const shared: { request?: ReturnType<typeof withRequest> } = {};
  const request = () => {
    shared.request ??= withRequest(suite);
    return shared.request;
  };
  it("adds labels to those that are there, and adds one that is there no second time", async (context) => {
    suite.needs(context, "labels");
    const platform = suite.platform();
    const { place, open } = await request();
    for (const label of ["backup", "größe", "theirs"]) await place.label(label);
    const add = (labels: readonly string[]) => platform.addToPullRequest(open, { ...NOTHING, labels }, call());
    expect(await add(["theirs"])).toEqual([]);
    expect(await add(["backup", "größe", "theirs"])).toEqual([]);
    expect(await add(["backup"])).toEqual([]);
    expect(sorted((await place.look(open.number)).labels)).toEqual(["backup", "größe", "theirs"]);
    const found = await platform.findOpenPullRequest(place.repo, open, call());
    expect(sorted(found?.labels ?? [])).toEqual(["backup", "größe", "theirs"]);
  });

  it("says which label there is not, and adds the others", async (context) => {
    suite.unless(context, "unknownLabel");
    suite.needs(context, "labels");
    const { place, open } = await request();
    await place.label("nightly");
    const add = { ...NOTHING, labels: ["no such", "nightly"] };
    const refused = await suite.platform().addToPullRequest(open, add, call());
    expect(refused).toEqual([{ what: "label", name: "no such", why: expect.stringMatching(/\w/) }]);
    const { labels } = await place.look(open.number);
    expect(labels).toContain("nightly");
    expect(labels).not.toContain("no such");
  });

  it("asks users for a review, says which there are not, and takes away none that was asked", async (context) => {
    suite.needs(context, "reviewers");
    const { place, open } = await request();
    const [first, second] = suite.host().people.users;
    const add = (...reviewers: string[]) => suite.platform().addToPullRequest(open, { ...NOTHING, reviewers }, call());
    expect(await add(first)).toEqual([]);
    expect(await add("no-such-person", second, first)).toEqual([
      { what: "reviewer", name: "no-such-person", why: expect.stringMatching(/\w/) },
    ]);
    expect(sorted((await place.look(open.number)).reviewers)).toEqual(sorted([first, second]));
  });

  it("asks a team for a review, by its name alone and with its owner's, and says which there is not", async (context) => {
    suite.needs(context, "teamReviewers");
    const { place, open } = await request();
    const { team } = suite.host().people;
    if (team === undefined) throw new Error("a host with teams needs the name of one");
    const add = (...teamReviewers: string[]) =>
      suite.platform().addToPullRequest(open, { ...NOTHING, teamReviewers }, call());
    expect(await add(team, "no-such-team")).toEqual([
      { what: "team", name: "no-such-team", why: expect.stringMatching(/\w/) },
    ]);
    const names = (await place.look(open.number)).teams;
    expect(names).toHaveLength(1);
    expect(await add(`${place.repo.owner}/${team}`)).toEqual([]);
    expect((await place.look(open.number)).teams).toEqual(names);
  });

  it("assigns users, says which there are not, and takes away none", async (context) => {
    suite.needs(context, "assignees");
    const { place, open } = await request();
    const [first, second] = suite.host().people.users;
    const add = (...assignees: string[]) => suite.platform().addToPullRequest(open, { ...NOTHING, assignees }, call());
    expect(await add(first)).toEqual([]);
    expect(await add("no-such-person", second)).toEqual([
      { what: "assignee", name: "no-such-person", why: expect.stringMatching(/\w/) },
    ]);
    expect(sorted((await place.look(open.number)).assignees)).toEqual(sorted([first, second]));
  });

  it("sets an open milestone by its title, says when there is none, and does not replace another one", async (context) => {
    suite.needs(context, "milestone");
    const { place, open } = await request();
    await place.milestone("Release 1");
    await place.milestone("Release 10");
    const add = (milestone: string) => suite.platform().addToPullRequest(open, { ...NOTHING, milestone }, call());
    const refusal = { what: "milestone", why: expect.stringMatching(/\w/) };
    expect(await add("Release")).toEqual([{ ...refusal, name: "Release" }]);
    expect(await add("Release 1")).toEqual([]);
    expect(await add("Release 1")).toEqual([]);
    expect(await add("Release 10")).toEqual([{ ...refusal, name: "Release 10" }]);
    expect((await place.look(open.number)).milestone).toBe("Release 1");
  });

  it("sends nothing that writes when nothing is to be added", async () => {
    const { open } = await request();
    const before = suite.host().requests().length;
    expect(await suite.platform().addToPullRequest(open, NOTHING, call())).toEqual([]);
    const sent = suite.host().requests().slice(before);
    expect(sent.filter(({ method }) => method !== "GET")).toEqual([]);
  });
}

function sorted(names: readonly string[]): readonly string[] {
  return [...names].sort();
}
