import { expect, it } from "vitest";
import type { Comment, PullRequest } from "../platform.ts";
import { call, commentsOn, type Suite, withRequest } from "./suite.contract.ts";

/** Comments on a request. */
export function commentTests(suite: Suite): void {
  it("lists the comments of everybody in order, with their authors, and none where there is none", async () => {
    const { place, open } = await withRequest(suite);
    expect(await listed(suite, open)).toEqual([]);
    await suite.platform().comment(open, "first 🚢", call());
    await place.commentAsOther(open.number, "second");
    await suite.platform().comment(open, "third\n\n- with `code`", call());
    const comments = await listed(suite, open);
    expect(comments.map(({ text }) => text.trim())).toEqual(["first 🚢", "second", "third\n\n- with `code`"]);
    const [first, second] = comments;
    expect(first?.author).not.toBe(second?.author);
    const { user } = suite.info();
    if (user !== undefined) expect(first?.author).toBe(user);
  });

  it("changes the text of a comment, and of no other", async () => {
    const { place, open } = await withRequest(suite);
    for (const text of ["one", "two", "three"]) await suite.platform().comment(open, text, call());
    const [, second] = await listed(suite, open);
    if (second === undefined) throw new Error("no comment");
    await suite.platform().updateComment(open, second, "zwei", call());
    expect((await place.look(open.number)).comments).toEqual(["one", "zwei", "three"]);
  });

  it("takes a comment up to its limit", async () => {
    const { open } = await withRequest(suite);
    const text = "ä b ".repeat(suite.platform().limits.commentLength / 4).trim();
    await suite.platform().comment(open, text, call());
    expect((await listed(suite, open))[0]?.text.trim() === text).toBe(true);
  });

  it("lists comments over more than a page, each once", { timeout: 60_000 }, async () => {
    const { open } = await withRequest(suite);
    const texts = Array.from({ length: suite.host().manyRequests }, (_, index) => `comment ${index + 1}`);
    for (const text of texts) await suite.platform().comment(open, text, call());
    expect((await listed(suite, open)).map(({ text }) => text.trim())).toEqual(texts);
  });
}

async function listed(suite: Suite, open: PullRequest): Promise<readonly Comment[]> {
  return commentsOn(suite.platform(), open, call());
}
