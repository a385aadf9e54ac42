import { expect, it } from "vitest";
import { ensurePullRequest } from "../ensure-pull-request.ts";
import type { ContractRepository } from "./contract-host.contract.ts";
import { call, openRequest, type Suite, WANT, WISH, withBranches, writesDuring } from "./suite.contract.ts";

const LINE = "- namespaces/größe/base/deployment-web.yaml 🚢\n";
/** Every part keeps so much free for its notices. */
const ROOM = 240;
const EMPTIED = "_Continued from the text above: nothing here any more._";

/** Texts that are longer than the host takes. */
export function policyTextTests(suite: Suite): void {
  const textOver = (comments: number) => {
    const { bodyLength, commentLength } = suite.platform().limits;
    const length = bodyLength - ROOM + (comments - 0.5) * (commentLength - ROOM);
    return LINE.repeat(Math.ceil(length / LINE.length));
  };

  it("continues a long text in comments, finds it unchanged, and follows it when it grows and shrinks", async () => {
    const place = await withBranches(suite, WANT.from);
    const host = suite.prepared(place.repo);
    const wish = { ...WISH, title: "t🚢".repeat(suite.platform().limits.titleLength), body: textOver(2) };
    const { outcome, pullRequest } = await ensurePullRequest(host, wish, call());
    expect(outcome).toBe("created");
    const open = await openRequest(suite, place.repo);
    expect(open.body.trimEnd()).toMatch(/🚢\n\n_Continued in 2 comments below\._$/);
    expect(open.body.length).toBeLessThanOrEqual(suite.platform().limits.bodyLength);
    expect(open.title).toMatch(/…$/);
    const heads = () => headsOf(place, pullRequest.number);
    expect(await heads()).toEqual([continued(2, 3), continued(3, 3)]);
    const shown = [open.body, ...(await place.look(pullRequest.number)).comments].join("\n");
    expect(shown.split("\n").filter((line) => line.trim() === LINE.trim()).length).toBe(
      wish.body.split("\n").length - 1,
    );
    const quiet = await writesDuring(suite, () => ensurePullRequest(host, wish, call()));
    expect(quiet).toMatchObject({ result: { outcome: "unchanged", warnings: [] }, writes: [] });

    expect((await ensurePullRequest(host, { ...wish, body: textOver(1) }, call())).outcome).toBe("updated");
    expect(await heads()).toEqual([continued(2, 2), EMPTIED]);
    expect((await ensurePullRequest(host, { ...wish, body: "short" }, call())).outcome).toBe("updated");
    expect(await heads()).toEqual([EMPTIED, EMPTIED]);
    const still = await writesDuring(suite, () => ensurePullRequest(host, { ...wish, body: "short" }, call()));
    expect(still).toMatchObject({ result: { outcome: "unchanged" }, writes: [] });
    await ensurePullRequest(host, { ...wish, body: textOver(3) }, call());
    expect(await heads()).toEqual([continued(2, 4), continued(3, 4), continued(4, 4)]);
  });

  it("leaves out what does not go into five comments, and counts it", async () => {
    const place = await withBranches(suite, WANT.from);
    const { pullRequest } = await ensurePullRequest(suite.prepared(place.repo), { ...WISH, body: textOver(7) }, call());
    const { comments } = await place.look(pullRequest.number);
    expect(comments).toHaveLength(5);
    expect(comments.at(-1)?.trimEnd()).toMatch(/\n\n_Cut here: \d+ more lines are not shown\._$/);
  });

  it("never touches the comment of another person, whatever it says", async (context) => {
    context.skip(suite.info().user === undefined, "the host does not tell who comments");
    const place = await withBranches(suite, WANT.from);
    const host = suite.prepared(place.repo);
    const { pullRequest } = await ensurePullRequest(host, WISH, call());
    const theirs = `${continued(2, 3)}\n\nmine, says another person`;
    await place.commentAsOther(pullRequest.number, theirs);
    await ensurePullRequest(host, { ...WISH, body: textOver(1) }, call());
    await ensurePullRequest(host, { ...WISH, body: "short" }, call());
    const { comments } = await place.look(pullRequest.number);
    expect(comments.map((text) => text.trim())).toEqual([theirs, EMPTIED]);
  });
}

async function headsOf(place: ContractRepository, number: number): Promise<readonly string[]> {
  const { comments } = await place.look(number);
  return comments.map((text) => text.split("\n")[0] ?? "");
}

function continued(part: number, of: number): string {
  return `_Continued from the text above (${part} of ${of})_`;
}
