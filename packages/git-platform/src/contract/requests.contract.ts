import { expect, it } from "vitest";
import { call, expectKind, type Suite, WANT, withBranches, withRequest } from "./suite.contract.ts";

/** Opening, finding, changing and closing requests. */
export function requestTests(suite: Suite): void {
  it("finds no request where none was opened, and none where the last one is closed or merged", async () => {
    const platform = suite.platform();
    const place = await withBranches(suite, WANT.from);
    const find = () => platform.findOpenPullRequest(place.repo, WANT, call());
    expect(await find()).toBeUndefined();
    const first = await platform.createPullRequest(place.repo, WANT, call());
    await platform.closePullRequest(first, call());
    expect((await place.look(first.number)).state).toBe("closed");
    expect(await find()).toBeUndefined();
    const second = await platform.createPullRequest(place.repo, WANT, call());
    expect((await find())?.number).toBe(second.number);
    await place.merge(second.number);
    expect(await find()).toBeUndefined();
  });

  it("opens a request that is found again as it was written", async () => {
    const platform = suite.platform();
    const place = await withBranches(suite, WANT.from);
    const title = "Übernahme 集 🚢 <b> & co";
    const body = "Zeile 1\n\n| a | b |\n|---|---|\n| 🚢 | `x` |\n";
    const created = await platform.createPullRequest(place.repo, { ...WANT, title, body }, call());
    expect(created).toMatchObject({ repo: place.repo, from: WANT.from, to: "main", title, draft: false, labels: [] });
    expect(created.url).toContain(String(created.number));
    expect(created.body.trim()).toBe(body.trim());
    expect(await platform.findOpenPullRequest(place.repo, WANT, call())).toEqual(created);
  });

  it("takes title and text up to its limits", async () => {
    const platform = suite.platform();
    const { titleLength, bodyLength } = platform.limits;
    const place = await withBranches(suite, WANT.from);
    const want = {
      ...WANT,
      title: "ü".repeat(titleLength),
      body: "ä b ".repeat(bodyLength / 4).trim(),
      draft: suite.info().can.draft,
    };
    const created = await platform.createPullRequest(place.repo, want, call());
    const found = await platform.findOpenPullRequest(place.repo, WANT, call());
    expect(found?.title).toBe(want.title);
    expect(found?.body.trim() === want.body).toBe(true);
    const changed = await platform.updatePullRequest(created, { body: `${want.body.slice(0, -1)}c` }, call());
    expect(changed.title).toBe(want.title);
  });

  it("calls a second request for the same branches a conflict", async () => {
    const { place } = await withRequest(suite);
    await expectKind(suite.platform().createPullRequest(place.repo, WANT, call()), "conflict");
  });

  it("finds the one request among more than a page of open ones", { timeout: 300_000 }, async () => {
    const platform = suite.platform();
    const others = Array.from({ length: suite.host().manyRequests }, (_, index) => `other/${index + 1}`);
    const place = await suite.host().freshRepository(WANT.from, ...others);
    for (const from of others) await platform.createPullRequest(place.repo, { ...WANT, from }, call());
    // Closed before, so that a host that answers any request of the pair answers this one.
    const before = await platform.createPullRequest(place.repo, WANT, call());
    await platform.closePullRequest(before, call());
    expect(await platform.findOpenPullRequest(place.repo, WANT, call())).toBeUndefined();
    const wanted = await platform.createPullRequest(place.repo, WANT, call());
    expect((await platform.findOpenPullRequest(place.repo, WANT, call()))?.number).toBe(wanted.number);
  });

  it("keeps requests into other branches apart", async () => {
    const platform = suite.platform();
    const place = await withBranches(suite, WANT.from, "release/1.0");
    const pair = { from: WANT.from, to: "release/1.0" };
    const other = await platform.createPullRequest(place.repo, { ...WANT, ...pair }, call());
    expect(await platform.findOpenPullRequest(place.repo, WANT, call())).toBeUndefined();
    expect((await platform.findOpenPullRequest(place.repo, pair, call()))?.number).toBe(other.number);
  });

  it("changes only what it is told to", async () => {
    const platform = suite.platform();
    const { place, open } = await withRequest(suite);
    expect(await platform.updatePullRequest(open, { title: "Other" }, call())).toMatchObject({ title: "Other" });
    const changed = await platform.updatePullRequest({ ...open, title: "Other" }, { body: "4 objects" }, call());
    expect(changed).toMatchObject({
      number: open.number,
      title: "Other",
      body: expect.stringMatching(/^4 objects\s*$/),
    });
    expect(await place.look(open.number)).toMatchObject({ state: "open", title: expect.stringContaining("Other") });
  });

  it("opens a draft, which stays one when its title changes", async (context) => {
    suite.needs(context, "draft");
    const platform = suite.platform();
    const { place, open } = await withRequest(suite, { draft: true });
    expect(open).toMatchObject({ title: WANT.title, draft: true });
    expect((await place.look(open.number)).draft).toBe(true);
    expect(await platform.updatePullRequest(open, { title: "Renamed" }, call())).toMatchObject({
      title: "Renamed",
      draft: true,
    });
    expect((await place.look(open.number)).draft).toBe(true);
    expect(await platform.findOpenPullRequest(place.repo, WANT, call())).toMatchObject({
      title: "Renamed",
      draft: true,
    });
  });

  it("refuses a request between branches that do not differ", async (context) => {
    suite.unless(context, "equalBranches");
    const place = await withBranches(suite, WANT.from);
    const same = { ...WANT, from: "main", to: "main" };
    await expectKind(suite.platform().createPullRequest(place.repo, same, call()), "invalid");
  });

  it("says not-found for a branch that was never pushed", async (context) => {
    suite.unless(context, "missingBranch");
    const place = await suite.host().freshRepository();
    await expectKind(suite.platform().createPullRequest(place.repo, WANT, call()), "not-found");
  });
}
