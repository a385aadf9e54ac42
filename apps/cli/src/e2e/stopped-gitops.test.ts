import type { GitOpsReport } from "@kubeferry/model";
import { missingServers, servers } from "@kubeferry/testbed";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CliResult, jsonOf, kubeferry, startKubeferry } from "../testing/cli.ts";
import { type BackedUp, backedUp, type GitOpsPlace, gitopsPlace } from "../testing/gitops-place.ts";
import { type HoldingProxy, holdingProxy } from "../testing/holding-proxy.ts";

const LIMIT = { timeout: 180_000 };
const CLONE = /^POST .*\/git-upload-pack/;
const PUSH = /^POST .*\/git-receive-pack/;
const REQUEST = /^POST .*\/pulls$/;

describe.skipIf(missingServers("gitea"))("stage 2 that is told to stop", () => {
  let proxy: HoldingProxy;
  let snapshots: BackedUp;
  /** What the branch holds where nobody stops it. */
  let whole: Awaited<ReturnType<GitOpsPlace["files"]>>;

  beforeAll(async () => {
    [snapshots, proxy] = await Promise.all([backedUp(), servers.gitea().then(({ url }) => holdingProxy(url))]);
    const undisturbed = await gitopsPlace(snapshots, proxy.url);
    expect(await run(undisturbed)).toMatchObject({ code: 0 });
    whole = await undisturbed.files();
    expect(Object.keys(whole ?? {}).length).toBeGreaterThan(10);
  }, 120_000);
  afterAll(async () => {
    proxy?.close();
    await snapshots?.close();
  });

  it("before its push pushes nothing", LIMIT, async () => {
    const place = await gitopsPlace(snapshots, proxy.url);
    const stopped = await stopAt(CLONE, place, "once");
    expect(jsonOf<GitOpsReport>(stopped)).toMatchObject({ status: "interrupted", commit: "", requests: [] });
    expect(await place.files()).toBeUndefined();
    await expectNextMakesItRight(place, "created");
  });

  it.each([
    ["in the middle of its push", PUSH],
    ["between the push and its request", REQUEST],
  ])("%s ends both, and leaves the next run nothing to do", LIMIT, async (_when, held) => {
    const place = await gitopsPlace(snapshots, proxy.url);
    const stopped = await stopAt(held, place, "once");
    expect(jsonOf<GitOpsReport>(stopped)).toMatchObject({
      status: "interrupted",
      commit: expect.stringMatching(/^[0-9a-f]{40}$/),
      pullRequest: { outcome: "created", number: 1 },
    });
    expect(await place.files()).toEqual(whole);
    expect(await place.requests()).toHaveLength(1);
    await expectNextMakesItRight(place, "unchanged");
  });

  it.each([
    ["in the middle of its push leaves no half of a branch", PUSH, () => undefined],
    ["between the push and its request leaves the whole branch", REQUEST, () => whole],
  ])("twice %s, and the next run opens the one request", LIMIT, async (_when, held, left) => {
    const place = await gitopsPlace(snapshots, proxy.url);
    await stopAt(held, place, "twice");
    expect(await place.files()).toEqual(left());
    expect(await place.requests()).toEqual([]);
    await expectNextMakesItRight(place, "created");
  });

  async function expectNextMakesItRight(place: GitOpsPlace, outcome: string): Promise<void> {
    const next = await run(place);
    expect(next.code, next.stderr).toBe(0);
    expect(jsonOf<GitOpsReport>(next)).toMatchObject({ status: "complete", pullRequest: { outcome, number: 1 } });
    expect(await place.files()).toEqual(whole);
    expect(await place.requests()).toMatchObject([{ state: "open" }]);
  }

  /** Tells it to stop while a request of it is on its way; that one goes on then, or never where it is told twice. */
  async function stopAt(held: RegExp, place: GitOpsPlace, times: "once" | "twice"): Promise<CliResult> {
    const request = proxy.hold((asked) => held.test(asked));
    const stage = await startKubeferry(argumentsFor(place), { env: place.env });
    await request.arrived;
    stage.kill("SIGTERM");
    await stage.says(/"operation":"shutdown"/);
    if (times === "twice") stage.kill("SIGTERM");
    else request.release();
    const ended = await stage.ended;
    expect(ended.code, ended.stderr).toBe(143);
    return ended;
  }
});

function run(place: GitOpsPlace): Promise<CliResult> {
  return kubeferry(argumentsFor(place), { env: place.env });
}

function argumentsFor({ config }: GitOpsPlace): readonly string[] {
  return ["gitops", "--config", config, "--output", "json", "--set", "log.format=json"];
}
