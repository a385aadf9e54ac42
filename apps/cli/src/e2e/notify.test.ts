import { mkdir, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, it, onTestFinished } from "vitest";
import { kubeferry } from "../testing/cli.ts";
import { freshFolder, writeConfig } from "../testing/workspace.ts";

/** Nothing listens there. */
const NO_CLUSTER = {
  apiVersion: "v1",
  kind: "Config",
  clusters: [{ name: "away", cluster: { server: "https://127.0.0.1:1" } }],
  users: [{ name: "away", user: { token: "planted" } }],
  contexts: [{ name: "away", context: { cluster: "away", user: "away" } }],
  "current-context": "away",
};

async function startReceiver() {
  const posted: { readonly path: string; readonly body: string }[] = [];
  const server = createServer(async (request, response) => {
    posted.push({ path: request.url ?? "", body: await text(request) });
    response.end("ok");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return { posted, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

it("a comparison that could not be made is told too, and nothing that is secret with it", {
  timeout: 60_000,
}, async () => {
  const receiver = await startReceiver();
  const folder = await freshFolder();
  const kubeconfig = join(folder, "kubeconfig");
  await mkdir(join(folder, "store"));
  await writeFile(kubeconfig, JSON.stringify(NO_CLUSTER));
  const config = await writeConfig({
    cluster: { name: "away", domain: "example.com" },
    store: { type: "folder", path: join(folder, "store") },
    retry: { attempts: 1, delay: "100ms" },
    kubernetes: { kubeconfig },
    notifications: { enabled: true, channels: { ops: { type: "webhook", url: `${receiver.url}/ops` } } },
  });
  const { code, stderr } = await kubeferry(["drift", "--config", config]);
  expect(code, stderr).toBe(2);
  const [told = "{}"] = receiver.posted.map(({ body }) => body);
  expect(JSON.parse(told), stderr).toMatchObject({ event: "failure", component: "drift", target: "example.com/away" });
  expect(told).not.toContain("planted");
});

/** What each command says that a CronJob runs, when it gets no further than to the store: component and target. */
const TOLD: Readonly<Record<string, readonly [component: string, target: string]>> = {
  backup: ["backup", "example.com/away"],
  gitops: ["gitops", "git.example.com/acme/fleet.git"],
  run: ["backup", "example.com/away"],
  drift: ["drift", "example.com/away"],
  "restore drill": ["drill", "example.com/away"],
  "snapshots prune": ["prune", "example.com/away"],
};

it("every command that a CronJob runs tells that it could not be done, also before it has its store", {
  timeout: 120_000,
}, async () => {
  const receiver = await startReceiver();
  const kubeconfig = join(await freshFolder(), "kubeconfig");
  await writeFile(kubeconfig, JSON.stringify(NO_CLUSTER));
  const ended = Object.keys(TOLD).map(async (command) => {
    const url = `${receiver.url}/${encodeURIComponent(command)}`;
    const config = await writeConfig({
      cluster: { name: "away", domain: "example.com" },
      store: { type: "s3", endpoint: "http://127.0.0.1:1", accessKey: "planted", secretKey: "planted" },
      retry: { attempts: 1, delay: "100ms" },
      kubernetes: { kubeconfig },
      gitops: { namespaces: ["shop"], repository: { url: "https://git.example.com/acme/fleet.git" } },
      notifications: { enabled: true, channels: { ops: { type: "webhook", url } } },
    });
    const { code, stdout, stderr } = await kubeferry([...command.split(" "), "--config", config]);
    expect(code, `${command}: ${stdout}${stderr}`).toBe(2);
  });
  await Promise.all(ended);
  const told = receiver.posted.map(({ path, body }) => {
    const { event, component, target } = JSON.parse(body) as Readonly<Record<string, string>>;
    expect(body).not.toContain("planted");
    return [decodeURIComponent(path.slice(1)), [event, component, target]];
  });
  const expected = Object.entries(TOLD).map(([command, said]) => [command, ["failure", ...said]]);
  expect(told.toSorted()).toEqual(expected.toSorted());
});

it("what is only tried or looked at is told to nobody", { timeout: 60_000 }, async () => {
  const receiver = await startReceiver();
  const config = await writeConfig({
    cluster: { name: "away", domain: "example.com" },
    store: { type: "s3", endpoint: "http://127.0.0.1:1", accessKey: "a", secretKey: "b" },
    retry: { attempts: 1, delay: "100ms" },
    notifications: { enabled: true, channels: { ops: { type: "webhook", url: `${receiver.url}/ops` } } },
  });
  const looks = [
    ["snapshots", "prune", "--dry-run"],
    ["snapshots", "list"],
    ["drift", "-n", "shop"],
  ];
  for (const { code, stderr } of await Promise.all(looks.map((args) => kubeferry([...args, "--config", config])))) {
    expect(code, stderr).toBe(2);
    expect(stderr).toContain("s3: ");
  }
  expect(receiver.posted).toEqual([]);
});

it("three failing runs, each a process of its own: told once, escalated once at the second", {
  timeout: 60_000,
}, async () => {
  const receiver = await startReceiver();
  const folder = await freshFolder();
  const kubeconfig = join(folder, "kubeconfig");
  await mkdir(join(folder, "store"));
  await writeFile(kubeconfig, JSON.stringify(NO_CLUSTER));
  const config = await writeConfig({
    cluster: { name: "away", domain: "example.com" },
    store: { type: "folder", path: join(folder, "store") },
    retry: { attempts: 1, delay: "100ms" },
    kubernetes: { kubeconfig },
    notifications: {
      enabled: true,
      escalateAfter: 2,
      channels: {
        ops: { type: "webhook", url: `${receiver.url}/ops-planted` },
        boss: { type: "slack", url: `${receiver.url}/boss-planted`, escalation: true },
      },
    },
  });
  for (const _ of [1, 2, 3]) {
    const { code, stdout, stderr } = await kubeferry(["backup", "--config", config]);
    expect(code).toBe(2);
    expect(stdout + stderr).not.toContain("planted");
  }
  expect(receiver.posted.map(({ path }) => path)).toEqual(["/ops-planted", "/boss-planted"]);
  expect(JSON.parse(receiver.posted[0]?.body ?? "")).toMatchObject({ event: "failure", target: "example.com/away" });
  expect(receiver.posted[1]?.body).toContain("2 failures in a row since");
});
