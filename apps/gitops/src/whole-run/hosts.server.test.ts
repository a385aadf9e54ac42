import { randomBytes } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { configMap, namespace, recordedCall } from "@kubeferry/test-fleet";
import { missingServers, servers } from "@kubeferry/testbed";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createFleet, type Fleet } from "../testing/fleet.ts";

const BRANCH = "kubeferry/main";
const SHOP = [namespace("shop"), configMap("shop/settings"), configMap("shop/more")];
const CHANGED = [namespace("shop"), configMap("shop/settings", { greeting: "good day" }), configMap("shop/more")];
const LESS = [namespace("shop"), configMap("shop/settings", { greeting: "good day" })];

interface Pull {
  readonly state: string;
  readonly merged: boolean;
  readonly title: string;
  readonly draft: boolean;
  readonly head: { readonly sha: string };
  readonly labels: readonly { readonly name: string }[];
  readonly assignees: readonly { readonly login: string }[];
  readonly milestone: { readonly title: string } | null;
  readonly requested_reviewers: readonly { readonly login: string }[];
}

describe.skipIf(missingServers("gitea"))("publishing on a host", { timeout: 120_000 }, () => {
  let fleet: Fleet;
  beforeEach(async () => {
    fleet = await createFleet("gitea");
    await fleet.snapshot(SHOP);
  });
  afterEach(() => fleet.close());

  const pull = async (number: number) => (await fleet.api("GET", `/pulls/${number}`)) as Pull;
  const protect = (rule: object) => fleet.api("POST", "/branch_protections", { rule_name: "main", ...rule });

  it("opens a request with all that belongs to it, and a run without change writes nothing", async () => {
    const reviewer = await freshUser(fleet);
    await fleet.api("POST", "/labels", { name: "backup", color: "#00ff00" });
    await fleet.api("POST", "/milestones", { title: "Autumn" });
    const pullRequest = {
      title: "[{clusters}] {title}",
      labels: ["backup", "absent"],
      reviewers: [reviewer.name],
      assignees: [reviewer.name],
      milestone: "Autumn",
      draft: true,
    };
    const commit = { author: { name: "Fleet bot", email: "bot@example.com" }, trailers: { Ticket: "OPS-7" } };
    const report = await fleet.run({ gitops: { pullRequest, commit } });
    expect(report).toMatchObject({ mode: "pull-request", requests: [{ number: 1, outcome: "created" }] });
    expect(report.warnings.join()).toContain('"absent"');
    const open = await pull(1);
    expect(open.title).toContain("[crc.testing/wrl62] kubeferry: ");
    expect(open).toMatchObject({
      draft: true,
      labels: [{ name: "backup" }],
      requested_reviewers: [{ login: reviewer.name }],
      assignees: [{ login: reviewer.name }],
      milestone: { title: "Autumn" },
    });
    expect(await fleet.api("GET", `/commits/${open.head.sha}/status`)).toMatchObject({
      state: "success",
      statuses: [{ context: "kubeferry/validation", description: "0 errors, 1 warning" }],
    });
    const made = (await fleet.api("GET", `/git/commits/${open.head.sha}`)) as { commit: { message: string } };
    expect(made).toMatchObject({ commit: { author: { name: "Fleet bot", email: "bot@example.com" } } });
    expect(made.commit.message).toMatch(/\n\nTicket: OPS-7\nKubeferry-Run: /);

    const { call, lines } = recordedCall();
    expect(await fleet.run({ gitops: { pullRequest, commit }, call })).toMatchObject({
      commit: "",
      pullRequest: { number: 1, outcome: "unchanged" },
    });
    expect(lines.filter(isWriting)).toEqual([]);
  });

  it("sets the commit status of a branch that stays, where it differs and only then", async () => {
    const { commit } = await fleet.run({ gitops: { pullRequest: { status: false } } });
    const first = recordedCall();
    await fleet.run({ call: first.call });
    expect(first.lines.filter(isWriting)).toEqual([expect.stringMatching(`^POST .*/statuses/${commit}$`)]);
    const second = recordedCall();
    await fleet.run({ call: second.call });
    expect(second.lines.filter(isWriting)).toEqual([]);
  });

  it("warns at the beginning where nothing keeps the host from merging at once", async () => {
    const { warnings } = await fleet.run({ gitops: { pullRequest: { autoMerge: "default" } } });
    expect(warnings).toContain(
      "no rule protects branch main: with gitops.pullRequest.autoMerge its requests are merged as soon as they are opened",
    );
    await until(async () => (await pull(1)).merged);
  });

  it("has the host merge what only adds, once its checks have passed, and never what removes", async () => {
    await protect({ enable_status_check: true, status_check_contexts: ["kubeferry/validation", "ci/test"] });
    const gitops = { pullRequest: { autoMerge: "merge" } };
    const passed = (commit: string) =>
      fleet.api("POST", `/statuses/${commit}`, { context: "ci/test", state: "success" });
    const first = await fleet.run({ gitops });
    expect((await pull(1)).merged).toBe(false);
    await passed(first.commit);
    await until(async () => (await pull(1)).merged && (await fleet.tip(BRANCH)) === "");
    expect(await fleet.run({ gitops })).toMatchObject({ commit: "", pullRequest: null });

    await fleet.snapshot(CHANGED);
    await fleet.run({ gitops });
    await fleet.snapshot(LESS);
    const { call, lines } = recordedCall();
    const removing = await fleet.run({ gitops, allowRemovals: true, call });
    expect(removing).toMatchObject({ files: { removed: 1 }, pullRequest: { number: 2, outcome: "updated" } });
    const held = lines.findIndex((line) => /^DELETE .*\/pulls\/2\/merge$/.test(line));
    expect(held).toBeGreaterThan(-1);
    expect(held).toBeLessThan(lines.indexOf("branch pushed"));
    await passed(removing.commit);
    await setTimeout(2_000);
    expect(await pull(2)).toMatchObject({ state: "open", merged: false });
  });

  it("ends two runs at once with one request", async () => {
    const reports = await Promise.all([fleet.run({ runId: "one" }), fleet.run({ runId: "two" })]);
    expect(reports.map(({ pullRequest }) => pullRequest?.number)).toEqual([1, 1]);
    expect(await fleet.api("GET", "/pulls?state=all")).toHaveLength(1);
  });

  it("commits to the base branch itself in mode push, and names the rule that keeps it from it", async () => {
    const gitops = { mode: "push" };
    const pushed = await fleet.run({ gitops });
    expect(pushed).toMatchObject({ mode: "push", branch: "main", pullRequest: null });
    expect(await fleet.tip("main")).toBe(pushed.commit);
    expect(await fleet.tip(BRANCH)).toBe("");
    expect(await fleet.run({ gitops })).toMatchObject({ commit: "", files: { written: 0 } });

    await protect({ enable_push: false });
    await fleet.snapshot(CHANGED);
    await expect(fleet.run({ gitops })).rejects.toThrow(
      /gitops: push main: protected: .*protected branch.*; nothing was pushed; set gitops\.mode: pull-request/,
    );
    expect(await fleet.tip("main")).toBe(pushed.commit);
  });

  it("ends before it reads anything where the token may not push, or the repository takes nothing", async () => {
    const { token } = await freshUser(fleet, "read");
    const repository = { url: fleet.url, platform: "gitea" };
    const { call, lines } = recordedCall();
    await expect(fleet.run({ gitops: { repository: { ...repository, token } }, call })).rejects.toThrow(
      "config: the token may not push to it; give the token the right to write",
    );
    const unknown = { ...repository, token: "0123456789012345678901234567890123456789" };
    await expect(fleet.run({ gitops: { repository: unknown }, call })).rejects.toThrow(/^gitea: .*: denied: /);
    await fleet.api("PATCH", "", { has_pull_requests: false });
    await expect(fleet.run({ call })).rejects.toThrow("its pull requests are switched off; switch them on");
    await fleet.api("PATCH", "", { has_pull_requests: true, archived: true });
    await expect(fleet.run({ call })).rejects.toThrow("it is archived, and can only be read");
    expect(lines.filter(isWriting)).toEqual([]);
    expect(await fleet.tip(BRANCH)).toBe("");
  });

  it("splits 400 files by namespace, and withdraws a part that has nothing left to propose", async () => {
    const names = ["a", "b", "c", "d"].map((letter) => `team-${letter}`);
    const objects = names.flatMap((name) => [
      namespace(name),
      ...Array.from({ length: 100 }, (_, index) => configMap(`${name}/settings-${index}`)),
    ]);
    await fleet.snapshot(objects);
    const gitops = { namespaces: ["team-*"], environments: { prod: {} }, pullRequest: { status: false } };
    const report = await fleet.run({ gitops });
    expect(report.files.written).toBe(416);
    expect(report.requests.map(({ part, number, outcome }) => `${part} #${number} ${outcome}`)).toEqual(
      names.map((name, index) => `${name} #${index + 1} created`),
    );
    expect(report.pullRequest).toBeNull();
    expect((await pull(2)).title).toBe("kubeferry: crc.testing/wrl62: team-b: 101 new, 0 changed, 0 removed");

    await fleet.merge(`${BRANCH}--team-a`);
    await fleet.merge(`${BRANCH}--team-b`);
    await fleet.merge(`${BRANCH}--team-c`);
    // 104 files are left, and what is being reviewed part by part stays so.
    const next = await fleet.run({ gitops });
    expect(next.requests.map(({ part, outcome }) => `${part} ${outcome}`)).toEqual(["team-d unchanged"]);
    const narrowed = await fleet.run({ gitops: { ...gitops, namespaces: ["team-a", "team-b", "team-c"] } });
    expect(narrowed.requests).toMatchObject([{ part: "team-d", outcome: "closed", number: 4 }]);
    expect(await pull(4)).toMatchObject({ state: "closed", merged: false });
    expect(await fleet.api("GET", "/issues/4/comments")).toMatchObject([
      { body: "Nothing of what this request proposed is left to propose." },
    ]);
    expect(await fleet.tip(`${BRANCH}--team-d`)).toBe("");
  });
});

function isWriting(line: string): boolean {
  return /^(POST|PATCH|PUT|DELETE) /.test(line);
}

/** A user of the host with a token of their own; without `permission` they may write the fleet's repository. */
async function freshUser(
  fleet: Fleet,
  permission = "write",
): Promise<{ readonly name: string; readonly token: string }> {
  const gitea = await servers.gitea();
  const name = `user-${randomBytes(4).toString("hex")}`;
  const password = randomBytes(12).toString("hex");
  const account = { username: name, password, email: `${name}@example.com`, must_change_password: false };
  await gitea.api("POST", "/admin/users", account);
  await fleet.api("PUT", `/collaborators/${name}`, { permission });
  const answer = await fetch(`${gitea.url}/api/v1/users/${name}/tokens`, {
    method: "POST",
    headers: {
      authorization: `Basic ${Buffer.from(`${name}:${password}`).toString("base64")}`,
      "content-type": "application/json",
    },
    body: JSON.stringify({ name: "test", scopes: ["write:repository", "write:issue", "read:user"] }),
  });
  return { name, token: ((await answer.json()) as { sha1: string }).sha1 };
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await isSo()); tries++) {
    if (tries > 150) throw new Error("it never came to be so");
    await setTimeout(200);
  }
}
