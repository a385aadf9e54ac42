import { describe, expect, it } from "vitest";
import type { NotAdded, PullRequest } from "../../platform.ts";
import { findPull, openPull } from "../../testing/stand-in/host-state.ts";
import { serverOfTests } from "./testing/opened-server.ts";

const repo = { owner: "ACME", name: "fleet" };
const server = serverOfTests();

describe("a change that somebody else was faster with", () => {
  it.each([
    ["text", (open: PullRequest) => server().platform.updatePullRequest(open, { title: "Renamed" }, server().call)],
    ["close", (open: PullRequest) => server().platform.closePullRequest(open, server().call)],
    ["comment", (open: PullRequest) => changeComment(open)],
  ])("is read again and made once more, then it is a conflict: %s", async (_, change) => {
    const open = await server().openRequest();
    await server().platform.comment(open, "before", server().call);
    server().state.outOfDate = 2;
    const late = change(open);
    await expect(late).rejects.toMatchObject({ kind: "conflict", next: "run again" });
    await expect(late).rejects.toThrow("somebody else changed it since it was read");
    server().state.outOfDate = 1;
    await change(open);
    const { title, state, comments } = stored(open);
    expect([title === "Renamed", state === "closed", comments[0]?.text === "after"]).toContain(true);
  });
});

describe("a pull request on Bitbucket Data Center", () => {
  it("from a fork's branch of the same name is not taken for ours", async () => {
    const { platform, call, state, repository } = server();
    const theirs = { from: "kubeferry/main", to: "main", title: "Theirs", body: "", draft: false, author: "mallory" };
    const fork = openPull(repository, theirs);
    if (typeof fork === "string") throw new Error(fork);
    state.fromForks.add(fork);
    expect(await platform.findOpenPullRequest(repo, { from: "kubeferry/main", to: "main" }, call)).toBeUndefined();
  });

  it("is found on a later page of those that its branch has", async () => {
    const { platform, call, repository } = server();
    for (let number = 1; number <= 25; number += 1) {
      const to = `release/${number}`;
      repository.branches.set(to, `${number}`);
      openPull(repository, { from: "kubeferry/main", to, title: "t", body: "", draft: false, author: "robot" });
    }
    const { number } = await server().openRequest();
    const found = await platform.findOpenPullRequest(repo, { from: "kubeferry/main", to: "main" }, call);
    expect(found?.number).toBe(number);
  });

  it("that is a draft stays one when its text changes", async () => {
    const open = await server().openRequest({ draft: true });
    const changed = await server().platform.updatePullRequest(open, { body: "4 objects" }, server().call);
    expect(changed).toMatchObject({ draft: true, title: "Update shop", body: "4 objects" });
  });

  it("may have an empty text", async () => {
    const open = await server().openRequest();
    const changed = await server().platform.updatePullRequest(open, { body: "" }, server().call);
    expect(changed).toMatchObject({ body: "", title: "Update shop" });
  });
});

describe("reviewers on Bitbucket Data Center", () => {
  it("whom the server refuses are left out, and the others are asked", async () => {
    const open = await server().openRequest();
    const why = "the host knows no such user, or one who cannot review this request";
    expect(await add(open, { reviewers: ["nobody", "ada", "robot"] })).toEqual([
      { what: "reviewer", name: "nobody", why },
      { what: "reviewer", name: "robot", why },
    ]);
    expect(asked(open)).toEqual(["ada"]);
  });

  it("are everybody in a reviewer group, but those who cannot review", async () => {
    server().state.groups.set("platform", ["ada", "grace", "mallory"]).set("nobody home", []);
    const open = await server().openRequest();
    expect(await add(open, { teamReviewers: ["ACME/platform", "nobody home", "OTHER/platform"] })).toEqual(
      ["nobody home", "OTHER/platform"].map((name) => ({
        what: "team",
        name,
        why: "neither the repository nor its project has a reviewer group of this name with anybody in it",
      })),
    );
    expect(asked(open)).toEqual(["ada", "grace"]);
  });

  it("stay when the text is changed, and nothing is sent when they are there already", async () => {
    const { platform, call, standIn } = server();
    const open = await server().openRequest();
    await add(open, { reviewers: ["ada"] });
    await platform.updatePullRequest(open, { body: "4 objects" }, call);
    expect(asked(open)).toEqual(["ada"]);
    const before = standIn.requests.length;
    expect(await add(open, { reviewers: ["ada"] })).toEqual([]);
    expect(standIn.requests.slice(before).map(({ method }) => method)).toEqual(["GET"]);
  });

  it("who lost their access since do not keep the text from being changed", async () => {
    const open = await server().openRequest();
    await add(open, { reviewers: ["ada", "grace"] });
    server().state.left.add("grace");
    const changed = server().platform.updatePullRequest(open, { title: "Renamed" }, server().call);
    expect(await changed).toMatchObject({ title: "Renamed" });
    expect(asked(open)).toEqual(["ada"]);
  });

  it.each([
    ["PUT", 500, "unavailable"],
    ["PUT", 401, "denied"],
    ["PUT", 409, "conflict"],
    ["PUT", 400, "invalid"],
    ["GET", 500, "unavailable"],
  ])("are not said to be refused when %s is answered %i: that is an error", async (method, status, kind) => {
    const open = await server().openRequest();
    const fault = { type: "status", status } as const;
    server().standIn.faults.misbehave({ fault, matches: (request) => request.method === method });
    await expect(add(open, { reviewers: ["ada"], teamReviewers: ["platform"] })).rejects.toMatchObject({ kind });
    expect(asked(open)).toEqual([]);
  });

  it("are all that can be added: of labels, assignees and milestones there are none", async () => {
    const open = await server().openRequest();
    const why = "Bitbucket Data Center has none";
    expect(await add(open, { labels: ["a"], assignees: ["b"], milestone: "c" })).toEqual([
      { what: "label", name: "a", why },
      { what: "assignee", name: "b", why },
      { what: "milestone", name: "c", why },
    ]);
  });
});

async function changeComment(open: PullRequest): Promise<void> {
  for await (const comment of server().platform.listComments(open, server().call)) {
    await server().platform.updateComment(open, comment, "after", server().call);
  }
}

async function add(open: PullRequest, wanted: object): Promise<readonly NotAdded[]> {
  const nothing = { labels: [], reviewers: [], teamReviewers: [], assignees: [], milestone: undefined };
  return server().platform.addToPullRequest(open, { ...nothing, ...wanted }, server().call);
}

function stored({ number }: PullRequest) {
  const pull = findPull(server().repository, number);
  if (pull === undefined) throw new Error("no such request");
  return pull;
}

function asked(open: PullRequest): readonly string[] {
  return [...stored(open).reviewers].sort();
}
