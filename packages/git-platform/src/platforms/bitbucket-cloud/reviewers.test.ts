import { describe, expect, it } from "vitest";
import type { NotAdded, PullRequest } from "../../platform.ts";
import { findPull } from "../../testing/stand-in/host-state.ts";
import { accountJson, uuidOf } from "./testing/cloud-json.ts";
import { cloudOfTests } from "./testing/opened-cloud.ts";

const cloud = cloudOfTests();

const REFUSED = "the author of the request, or somebody without access to the repository";

describe("reviewers on Bitbucket Cloud", () => {
  it("are asked by nickname, full name, account id or uuid", async () => {
    const { state } = cloud();
    state.host.users.add("alan").add("barbara");
    const open = await cloud().openRequest();
    const { account_id } = accountJson("alan");
    expect(await add(open, "ada", "Grace Example", String(account_id), uuidOf("barbara"))).toEqual([]);
    expect(asked(open)).toEqual(["ada", "alan", "barbara", "grace"]);
  });

  it("are found on every page of the workspace's members", async () => {
    for (let number = 1; number <= 25; number += 1) cloud().state.host.users.add(`member${number}`);
    const open = await cloud().openRequest();
    expect(await add(open, "member25")).toEqual([]);
    expect(asked(open)).toEqual(["member25"]);
  });

  it("who do not exist, or are not told apart by their name, are left out, and the others are asked", async () => {
    cloud().state.host.users.add("Grace Example");
    const open = await cloud().openRequest();
    expect(await add(open, "nobody", "Grace Example", "ada")).toEqual([
      { what: "reviewer", name: "nobody", why: "no member of the workspace is called so" },
      {
        what: "reviewer",
        name: "Grace Example",
        why: "several people are called so: write the account id or {uuid} of one",
      },
    ]);
    expect(asked(open)).toEqual(["ada"]);
  });

  it("whom Bitbucket refuses by name are left out, and the others are asked", async () => {
    const open = await cloud().openRequest();
    cloud().state.host.users.add("zoe");
    cloud().state.left.add("zoe"); // her membership ends in this moment
    expect(await add(open, "robot", "zoe", "ada")).toEqual([
      { what: "reviewer", name: "robot", why: REFUSED },
      { what: "reviewer", name: "zoe", why: REFUSED },
    ]);
    expect(asked(open)).toEqual(["ada"]);
  });

  it.each([
    ["members can be looked up", true],
    ["they cannot", false],
  ])("whom Bitbucket refuses without a name are left out, and those asked before stay, where %s", async (_, admin) => {
    const open = await cloud().openRequest();
    await add(open, uuidOf("ada"));
    cloud().state.admin = admin;
    cloud().state.namesNobody = true;
    const mallory = uuidOf("mallory");
    expect(await add(open, mallory)).toEqual([{ what: "reviewer", name: mallory, why: REFUSED }]);
    expect(asked(open)).toEqual(["ada"]);
  });

  it("are looked for among the default reviewers where members cannot be listed", async () => {
    cloud().state.admin = false;
    const open = await cloud().openRequest();
    expect(await add(open, "grace", "ada")).toEqual([
      {
        what: "reviewer",
        name: "ada",
        why: "the token may not look up members of the workspace: write the account's {uuid}",
      },
    ]);
    expect(asked(open)).toEqual(["grace"]);
  });

  it("stay when the text is changed, and nothing is sent when they are there already", async () => {
    const { platform, call, standIn } = cloud();
    const open = await cloud().openRequest();
    await add(open, "ada");
    expect(await platform.updatePullRequest(open, { body: "4 objects" }, call)).toMatchObject({ body: "4 objects" });
    expect(asked(open)).toEqual(["ada"]);
    const before = standIn.requests.length;
    expect(await add(open, "ada")).toEqual([]);
    expect(standIn.requests.slice(before).map(({ method }) => method)).not.toContain("PUT");
  });

  it("who left the workspace since do not keep the text from being changed", async () => {
    const { platform, call, state } = cloud();
    const open = await cloud().openRequest();
    await add(open, "ada", "grace");
    state.host.users.delete("grace");
    state.left.add("grace");
    expect(await platform.updatePullRequest(open, { title: "Renamed" }, call)).toMatchObject({ title: "Renamed" });
    expect(asked(open)).toEqual(["ada"]);
  });

  it.each([
    ["PUT", 500, "unavailable"],
    ["PUT", 403, "denied"],
    ["PUT", 409, "conflict"],
    ["PUT", 400, "invalid"],
    ["GET", 500, "unavailable"],
    ["GET", 401, "denied"],
  ])("are not said to be refused when %s is answered %i: that is an error", async (method, status, kind) => {
    const open = await cloud().openRequest();
    const fault = { type: "status", status } as const;
    cloud().standIn.faults.misbehave({ fault, matches: (request) => request.method === method });
    await expect(add(open, "ada")).rejects.toMatchObject({ kind });
    expect(asked(open)).toEqual([]);
  });

  it("are all that can be added: of labels, teams, assignees and milestones Bitbucket has none", async () => {
    const open = await cloud().openRequest();
    const wanted = { labels: ["a"], reviewers: [], teamReviewers: ["b"], assignees: ["c"], milestone: "d" };
    const why = "Bitbucket Cloud has none";
    expect(await cloud().platform.addToPullRequest(open, wanted, cloud().call)).toEqual([
      { what: "label", name: "a", why },
      { what: "team", name: "b", why },
      { what: "assignee", name: "c", why },
      { what: "milestone", name: "d", why },
    ]);
  });
});

async function add(open: PullRequest, ...reviewers: readonly string[]): Promise<readonly NotAdded[]> {
  const wanted = { labels: [], reviewers, teamReviewers: [], assignees: [], milestone: undefined };
  return cloud().platform.addToPullRequest(open, wanted, cloud().call);
}

function asked({ number }: PullRequest): readonly string[] {
  return [...(findPull(cloud().repository, number)?.reviewers ?? [])].sort();
}
