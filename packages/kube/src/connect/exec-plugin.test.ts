import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { sendJson, startFaultyApi } from "../testing/faulty-api.ts";
import { openTestApi, temporaryFolder, writeTestKubeconfig } from "../testing/test-api.ts";
import { testCall } from "../testing/test-call.ts";
import { writePlugin } from "../testing/test-plugin.ts";
import { runPlugin } from "./run-plugin.ts";

describe("an exec plugin", () => {
  it("is asked again shortly before its token ends, and not earlier", async () => {
    const server = await anyServer();
    const plugin = writePlugin(
      { token: "one", expirationTimestamp: "2026-01-01T01:00:00Z" },
      { token: "two", expirationTimestamp: "2026-01-01T02:00:00Z" },
    );
    const clock = { now: Date.parse("2026-01-01T00:00:00Z") };
    const { api } = openTestApi(
      { kubeconfig: writeTestKubeconfig({ server: server.url }, plugin.user, plugin.folder) },
      {},
      clock,
    );
    await api.get("/version", testCall);
    clock.now = Date.parse("2026-01-01T00:59:49Z");
    await api.get("/version", testCall);
    clock.now = Date.parse("2026-01-01T00:59:50Z");
    await api.get("/version", testCall);
    expect(server.asked.map(({ headers }) => headers.authorization)).toEqual([
      "Bearer one",
      "Bearer one",
      "Bearer two",
    ]);
  });

  it.each([
    [
      "of another version than asked for",
      { apiVersion: "client.authentication.k8s.io/v1beta1" },
      "it printed no ExecCredential",
    ],
    ["that wants a terminal", { interactiveMode: "Always" }, "it wants a terminal"],
    [
      "of a version that is gone",
      { apiVersion: "client.authentication.k8s.io/v1alpha1" },
      "apiVersion of its exec entry cannot be used",
    ],
  ])("%s is an error", async (_, settings, problem) => {
    const server = await anyServer();
    const plugin = writePlugin({ token: "one" });
    const user = { exec: { ...plugin.user.exec, ...settings } };
    const { api } = openTestApi({ kubeconfig: writeTestKubeconfig({ server: server.url }, user, plugin.folder) });
    await expect(api.get("/version", testCall)).rejects.toThrow(problem);
  });

  it("runs on for others when one request is given up, and is killed when all are", { timeout: 30_000 }, async () => {
    const server = await anyServer();
    const hanging = hangingPlugin();
    const { api } = openTestApi({ kubeconfig: writeTestKubeconfig({ server: server.url }, { exec: hanging.exec }) });
    const [one, other] = [new AbortController(), new AbortController()];
    const requests = [one, other].map(({ signal }) => api.get("/version", { ...testCall, signal }));
    const outcomes = Promise.allSettled(requests);
    await expect.poll(hanging.pids, { timeout: 10_000 }).toHaveLength(2);
    one.abort(new Error("stopped"));
    await expect(requests[0]).rejects.toThrow("stopped");
    expect(hanging.pids().every(isRunning)).toBe(true);
    other.abort(new Error("stopped"));
    await outcomes;
    await expect.poll(() => hanging.pids().some(isRunning), { timeout: 10_000 }).toBe(false);
  });
});

describe("a login program", () => {
  const environment = { PATH: process.env.PATH };

  it("that hangs is killed with all that it started, when its time is over", { timeout: 30_000 }, async () => {
    const hanging = hangingPlugin();
    const { command, args } = hanging.exec;
    const end = await runPlugin({ command, args, environment }, testCall.signal, 3_000);
    expect(end).toEqual({ problem: "it gave no answer in 3 s" });
    expect(hanging.pids()).toHaveLength(2);
    await expect.poll(() => hanging.pids().some(isRunning), { timeout: 10_000 }).toBe(false);
  });

  it("that leaves something running behind it does not keep us", { timeout: 30_000 }, async () => {
    const script = "sleep 20 & echo done";
    expect(await runPlugin({ command: "/bin/sh", args: ["-c", script], environment }, testCall.signal)).toEqual({
      output: "done\n",
    });
  });

  it("that prints without end is killed", { timeout: 30_000 }, async () => {
    const end = await runPlugin({ command: "/bin/sh", args: ["-c", "yes"], environment }, testCall.signal);
    expect(end).toEqual({ problem: "it printed more than 1048576 bytes" });
  });
});

async function anyServer() {
  const { kubeconfig, asked } = await startFaultyApi((_, response) => sendJson(response, 200, {}));
  return { url: JSON.parse(readFileSync(kubeconfig, "utf8")).clusters[0].cluster.server as string, asked };
}

/** Waits for a person who is not there, and so does what it started. */
function hangingPlugin() {
  const file = join(temporaryFolder(), "pids");
  const script = `sleep 60 & echo $! > ${file}; echo $$ >> ${file}; wait`;
  const exec = { apiVersion: "client.authentication.k8s.io/v1", command: "/bin/sh", args: ["-c", script] };
  const pids = () => (existsSync(file) ? readFileSync(file, "utf8").split("\n").filter(Boolean).map(Number) : []);
  return { exec, pids };
}

function isRunning(pid: number): boolean {
  try {
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}
