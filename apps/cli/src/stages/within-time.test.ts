import { type Call, finishing, silentLog } from "@kubeferry/model";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { withinTime } from "./within-time.ts";

const TIME = { limitMs: 60_000, graceMs: 20_000, isCut: (status: string) => status === "interrupted" };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function outerCall(): { readonly call: Call; stop(): void } {
  const [asked, over] = [new AbortController(), new AbortController()];
  const call = { signal: asked.signal, deadline: over.signal, log: silentLog };
  return { call, stop: () => asked.abort(new Error("told to stop")) };
}

/** Waits for its signal, as a request does that nobody answers. */
function hanging({ signal }: Call): Promise<string> {
  return new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
}

it("gives a run up that hangs, and says by which setting", async () => {
  const run = withinTime(hanging, TIME, outerCall().call);
  const ended = expect(run).rejects.toMatchObject({
    kind: "timeout",
    message: expect.stringMatching(/given up after 60 s.*gitops\.serve\.runTimeout/),
  });
  await vi.advanceTimersByTimeAsync(60_000);
  await ended;
});

it("lets a run finish what is short once its time is over, and has it failed all the same", async () => {
  const pushed = Promise.withResolvers<string>();
  const state = { left: false };
  const pushing = (call: Call): Promise<string> => {
    finishing(call).signal.addEventListener("abort", () => Object.assign(state, { left: true }));
    return pushed.promise;
  };
  const run = withinTime(pushing, TIME, outerCall().call);
  const ended = expect(run).rejects.toMatchObject({ kind: "timeout" });
  await vi.advanceTimersByTimeAsync(79_999);
  expect(state.left).toBe(false);
  pushed.resolve("interrupted");
  await ended;
});

it("leaves what does not become finished either", async () => {
  const run = withinTime((call) => hanging(finishing(call)), TIME, outerCall().call);
  const ended = expect(run).rejects.toMatchObject({ kind: "timeout" });
  await vi.advanceTimersByTimeAsync(80_000);
  await ended;
});

it("is not waited for by others where it ends by no signal, and is said to be at work", async () => {
  const run = withinTime(() => new Promise<string>(() => undefined), TIME, outerCall().call);
  const state = { ended: false };
  const ended = expect(run.finally(() => Object.assign(state, { ended: true }))).rejects.toMatchObject({
    kind: "stuck",
    message: expect.stringMatching(/given up after 60 s, and did not end/),
  });
  // After its time and that for what is worth finishing there is some for leaving the rest.
  await vi.advanceTimersByTimeAsync(89_999);
  expect(state.ended).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  await ended;
  expect(vi.getTimerCount()).toBe(0);
});

it("counts a run as done that did everything, late as it is", async () => {
  const done = Promise.withResolvers<string>();
  const run = withinTime(() => done.promise, TIME, outerCall().call);
  await vi.advanceTimersByTimeAsync(70_000);
  done.resolve("complete");
  expect(await run).toBe("complete");
});

it("is no matter of time where somebody told the run to stop", async () => {
  const { call, stop } = outerCall();
  const run = withinTime(hanging, TIME, call);
  stop();
  await expect(run).rejects.toThrow("told to stop");
  expect(vi.getTimerCount()).toBe(0);
});
