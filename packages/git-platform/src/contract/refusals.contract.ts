import { beforeAll, expect, it } from "vitest";
import { PlatformError } from "../platform-error.ts";
import { actedOn } from "./acted-on.contract.ts";
import { shownOf } from "./leaks.contract.ts";
import { type ActedOn, methodsOf } from "./methods.contract.ts";
import { call, recordingCall, type Suite } from "./suite.contract.ts";

/** What every method does for a missing repository, an unknown credential, and a run that is stopped. */
export function refusalTests(suite: Suite): void {
  const prepared: { on?: ActedOn } = {};
  const on = (): ActedOn => {
    if (prepared.on === undefined) throw new Error("nothing was prepared");
    return prepared.on;
  };
  beforeAll(async () => {
    prepared.on = await actedOn(suite);
  });

  it("says not-found for a missing repository, in every method", async () => {
    const repo = { ...on().repo, name: "no-such-repository" };
    const gone = { ...on(), repo, open: { ...on().open, repo } };
    const methods = methodsOf(suite.info()).filter(({ name }) => name !== "getHost");
    const kinds = await Promise.all(
      methods.map(async ({ name, act }) => [name, await kindOf(act(suite.platform(), gone, call()))] as const),
    );
    expect(Object.fromEntries(kinds)).toEqual(Object.fromEntries(methods.map(({ name }) => [name, "not-found"])));
  });

  it("says denied for a credential that the host does not know, in every method, and never shows it", async () => {
    const stranger = suite.host().open({ known: false });
    const log = recordingCall();
    const methods = methodsOf(suite.info());
    const errors = await Promise.all(
      methods.map(async ({ name, act }) => [name, await errorOf(act(stranger, on(), log.call))] as const),
    );
    await stranger.close();
    const kinds = errors.map(([name, error]) => [name, error instanceof PlatformError ? error.kind : error] as const);
    expect(Object.fromEntries(kinds)).toEqual(Object.fromEntries(methods.map(({ name }) => [name, "denied"])));
    const shown = shownOf(stranger, log.lines, ...errors.map(([, error]) => error));
    for (const credential of suite.host().credentials) expect(shown.includes(credential)).toBe(false);
  });

  it("stops with the signal's reason, in every method, before anything is sent", async () => {
    const controller = new AbortController();
    controller.abort(new Error("stopped by the test"));
    const stopped = { ...call(), signal: controller.signal };
    const before = suite.host().requests().length;
    for (const { act } of methodsOf(suite.info())) {
      await expect(act(suite.platform(), on(), stopped)).rejects.toThrow("stopped by the test");
    }
    expect(suite.host().requests().length).toBe(before);
  });
}

async function kindOf(attempt: Promise<unknown>): Promise<unknown> {
  const error = await errorOf(attempt);
  return error instanceof PlatformError ? error.kind : error;
}

async function errorOf(attempt: Promise<unknown>): Promise<unknown> {
  return attempt.then(
    (value) => `no error, but ${JSON.stringify(value)}`,
    (thrown: unknown) => thrown,
  );
}
