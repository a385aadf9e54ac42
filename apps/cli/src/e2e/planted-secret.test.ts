import { execFile, spawn } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { promisify } from "node:util";
import { zstdDecompressSync } from "node:zlib";
import { type FreshKubeApi, missingServers, type OtlpReceiver, otlpReceiver, servers } from "@kubeferry/testbed";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { plantedSecret } from "../testing/awkward-objects.ts";
import { testCall } from "../testing/call.ts";
import { kubeferry, sharedByTheRun } from "../testing/cli.ts";
import { gitAs } from "../testing/gitea-git.ts";
import { ageKeys } from "../testing/key-pairs.ts";
import { openTestStore } from "../testing/open-test-store.ts";
import { freshFolder, freshStores, type TestStore, writeConfig } from "../testing/workspace.ts";

const run = promisify(execFile);
const VALUE = "correct-horse-battery-staple-7391";
const FORMS = [VALUE, Buffer.from(VALUE).toString("base64"), Buffer.from(VALUE).toString("base64url")];
const NAMESPACE = "vault";

describe.skipIf(missingServers("kube-apiserver", "minio", "gitea"))("a planted secret value", () => {
  let kube: FreshKubeApi;
  let people: Receiver;
  let otlp: OtlpReceiver;
  const runs = new Map<string, ReturnType<typeof runIn>>();

  beforeAll(async () => {
    [kube, people, otlp] = await Promise.all([servers.freshKubeApi(), startReceiver(), otlpReceiver()]);
    await kube.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: NAMESPACE } });
    const answer = await kube.request(
      "POST",
      `/api/v1/namespaces/${NAMESPACE}/secrets`,
      plantedSecret(NAMESPACE, VALUE),
    );
    expect(answer.status).toBe(201);
    await kube.apply({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { namespace: NAMESPACE, name: "ordinary" },
      data: { greeting: "hello" },
    });
  });
  afterAll(async () => {
    people.close();
    otlp.close();
    await kube.stop();
  });

  it.each(["withhold", "encrypt"] as const)("is in no byte of the bucket with secrets: %s", async (mode) => {
    const { store } = await ranIn(mode);
    for (const [key, bytes] of await everythingIn(store)) expectClean(`bucket ${key}`, bytes);
  });

  it.each(["withhold", "encrypt", "omit", "plain"] as const)(
    "reaches neither Git nor output, nobody who is told and no span with secrets: %s",
    async (mode) => {
      const { result, cloneUrl } = await ranIn(mode);
      expect(result.code, result.stderr).toBe(0);
      expectClean("stdout", Buffer.from(result.stdout));
      expectClean("stderr", Buffer.from(result.stderr));
      const told = people.posted.filter(({ path }) => path === `/${mode}`);
      expect(told.map(({ body }) => (JSON.parse(body) as { component: string }).component)).toEqual([
        "backup",
        "gitops",
      ]);
      for (const { body } of told) expectClean("notification", Buffer.from(body));
      expect(otlp.spans.length).toBeGreaterThan(10);
      expectClean("spans", Buffer.from(otlp.text()));
      for (const [path, bytes] of await everythingCommitted(cloneUrl)) expectClean(`git ${path}`, bytes);
    },
  );

  it("and the credentials of store and host are in no argument list and no file of the clone while it runs", async () => {
    const gitea = await servers.gitea();
    const { config, env } = await prepare("withhold");
    const seen = await watchProcesses(config, env);
    expect(seen.commandLines.length).toBeGreaterThan(3);
    expect(
      seen.commandLines.some((line) => line.includes("git")),
      "git was seen at work",
    ).toBe(true);
    for (const credential of [gitea.token, env.MINIO_SECRET_KEY ?? "?"]) {
      for (const line of seen.commandLines) expect(line).not.toContain(credential);
      for (const text of seen.gitConfigs) expect(text).not.toContain(credential);
    }
    expect(seen.gitConfigs.length, "the clone's configuration was read").toBeGreaterThan(0);
  });

  async function prepare(
    mode: string,
  ): Promise<{ config: string; env: Record<string, string>; store: TestStore; cloneUrl: string }> {
    const gitea = await servers.gitea();
    const store = await freshStores.MinIO();
    const { cloneUrl } = await gitea.freshRepository();
    const config = await writeConfig({
      cluster: { name: "vault", domain: "example.internal" },
      kubernetes: { kubeconfig: kube.kubeconfig },
      store: store.section,
      backup: { secrets: mode },
      ...(mode === "encrypt" ? { encryption: { recipients: [(await ageKeys()).recipient] } } : {}),
      log: { level: "debug" },
      tracing: { endpoint: otlp.url },
      notifications: {
        enabled: true,
        channels: { ops: { type: "webhook", url: `${people.url}/${mode}`, on: ["success", "partial", "failure"] } },
      },
      gitops: { namespaces: [NAMESPACE], repository: { url: cloneUrl, platform: "gitea", token: "${GIT_TOKEN}" } },
    });
    return { config, env: { ...store.env, GIT_TOKEN: gitea.token }, store, cloneUrl };
  }

  /** The one run of a mode, which several tests look at. */
  function ranIn(mode: string): ReturnType<typeof runIn> {
    const ran = runs.get(mode) ?? runIn(mode);
    runs.set(mode, ran);
    return ran;
  }

  async function runIn(
    mode: string,
  ): Promise<{ result: Awaited<ReturnType<typeof kubeferry>>; store: TestStore; cloneUrl: string }> {
    const { config, env, store, cloneUrl } = await prepare(mode);
    return { result: await kubeferry(["run", "--config", config, "--output", "json"], { env }), store, cloneUrl };
  }

  async function everythingCommitted(cloneUrl: string): Promise<[string, Buffer][]> {
    const gitea = await servers.gitea();
    const folder = await freshFolder();
    await gitAs(gitea, ["clone", "--quiet", "--branch", "kubeferry/main", cloneUrl, folder]);
    const { stdout } = await run("git", ["-C", folder, "log", "--format=%B"]);
    const files = await readdir(folder, { recursive: true, withFileTypes: true });
    const paths = files
      .filter((file) => file.isFile() && !file.parentPath.includes("/.git"))
      .map((file) => join(file.parentPath, file.name));
    expect(paths.some((path) => path.includes("ordinary"))).toBe(true);
    const contents = await Promise.all(
      paths.map(async (path): Promise<[string, Buffer]> => [path, await readFile(path)]),
    );
    return [...contents, ["messages", Buffer.from(stdout)]];
  }
});

/** Takes what people are told. */
interface Receiver {
  readonly url: string;
  readonly posted: readonly { readonly path: string; readonly body: string }[];
  close(): void;
}

async function startReceiver(): Promise<Receiver> {
  const posted: { readonly path: string; readonly body: string }[] = [];
  const server = createServer(async (request, response) => {
    posted.push({ path: request.url ?? "", body: await text(request) });
    response.end("ok");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, posted, close: () => void server.close() };
}

function expectClean(where: string, bytes: Buffer): void {
  for (const form of FORMS) expect(bytes.includes(form), `${where} holds the planted value`).toBe(false);
}

/** Every object of the bucket, compressed ones opened. */
async function everythingIn(test: TestStore): Promise<[string, Buffer][]> {
  const store = await openTestStore(test);
  const found: [string, Buffer][] = [];
  for await (const entry of store.list("", {}, testCall)) {
    if (entry.type !== "object") continue;
    const chunks: Uint8Array[] = [];
    for await (const chunk of (await store.get(entry.object.key, testCall))?.body ?? []) chunks.push(chunk);
    const bytes = Buffer.concat(chunks);
    found.push([entry.object.key, bytes]);
    if (entry.object.key.endsWith(".zst")) found.push([`${entry.object.key} opened`, zstdDecompressSync(bytes)]);
  }
  expect(found.length).toBeGreaterThan(20);
  return found;
}

/** Runs both stages and reads, as fast as it can, every argument list and every clone's configuration meanwhile. */
async function watchProcesses(
  config: string,
  env: Record<string, string>,
): Promise<{ commandLines: string[]; gitConfigs: string[] }> {
  const temporary = await freshFolder();
  const bin = new URL("../../bin/kubeferry.js", import.meta.url).pathname;
  const child = spawn(process.execPath, [bin, "run", "--config", config], {
    env: { PATH: process.env.PATH ?? "", ...sharedByTheRun(), TMPDIR: temporary, ...env },
    stdio: "ignore",
  });
  const state = { running: true };
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve)).finally(() => {
    state.running = false;
  });
  const commandLines = new Set<string>();
  const gitConfigs = new Set<string>();
  while (state.running) {
    for (const line of await argumentLists(child.pid ?? 0)) commandLines.add(line);
    for (const text of await configsBelow(temporary)) gitConfigs.add(text);
  }
  expect(await ended).toBe(0);
  return { commandLines: [...commandLines], gitConfigs: [...gitConfigs] };
}

/** The argument lists of a process and of all that it started; other tests run beside this one. */
async function argumentLists(root: number): Promise<string[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const parents = new Map(
    await Promise.all(pids.map(async (pid): Promise<[string, string]> => [pid, await parentOf(pid)])),
  );
  const below = (pid: string | undefined): boolean =>
    pid === String(root) || (pid !== undefined && pid !== "0" && below(parents.get(pid)));
  const lines = await Promise.all(
    pids.filter(below).map((pid) => readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")),
  );
  return lines.map((line) => line.replaceAll("\0", " ")).filter((line) => line !== "");
}

/** The fourth field of stat, behind the program's name in brackets. */
async function parentOf(pid: string): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  return stat.slice(stat.lastIndexOf(")")).split(" ")[2] ?? "0";
}

async function configsBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true }).catch(() => []);
  const paths = entries.filter((path) => /(^|\/)(\.git\/config|config|FETCH_HEAD|packed-refs)$/.test(path));
  return Promise.all(paths.map((path) => readFile(join(folder, path), "utf8").catch(() => "")));
}
