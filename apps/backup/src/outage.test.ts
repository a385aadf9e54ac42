import { KubeError, type KubeErrorParts } from "@kubeferry/kube";
import { expect, it } from "vitest";
import { createOutages } from "./outage.ts";

const SIGNAL = new AbortController().signal;
const failed = (parts: Partial<KubeErrorParts>) =>
  new KubeError({ kind: "unavailable", who: "kube", operation: "list pods", problem: "no", ...parts });
const unanswered = failed({ unanswered: "not-sent", retryAfterMs: 1 });

it("sits out a server that does not answer, for so long and no longer", async () => {
  const clock = { now: 0 };
  const pods = createOutages(() => clock.now, 100).begin();
  expect(await pods.sitOut(unanswered, SIGNAL)).toBe(true);
  clock.now = 99;
  expect(await pods.sitOut(unanswered, SIGNAL)).toBe(true);
  clock.now = 100;
  expect(await pods.sitOut(unanswered, SIGNAL)).toBe(false);
});

it("does not wait again for other types once one has waited in vain, until a list succeeds", async () => {
  const clock = { now: 0 };
  const outages = createOutages(() => clock.now, 100);
  const [pods, secrets] = [outages.begin(), outages.begin()];
  await pods.sitOut(unanswered, SIGNAL);
  clock.now = 200;
  await pods.sitOut(unanswered, SIGNAL);
  expect(await secrets.sitOut(unanswered, SIGNAL)).toBe(false);
  outages.begin().over();
  expect(await secrets.sitOut(unanswered, SIGNAL)).toBe(true);
});

it("does not wait for a server that answers, whatever it says", async () => {
  const pods = createOutages().begin();
  expect(await pods.sitOut(failed({ status: 503, retryAfterMs: 1 }), SIGNAL)).toBe(false);
});

it("stops waiting with the caller's reason", async () => {
  const stopped = new Error("stopped");
  await expect(createOutages().begin().sitOut(unanswered, AbortSignal.abort(stopped))).rejects.toBe(stopped);
});
