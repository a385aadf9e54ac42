import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { access, stat } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type FreshKubeApi, missingServers, servers } from "@kubeferry/testbed";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BROWSED } from "../testing/browsed-objects.ts";
import { kubeferry, sharedByTheRun } from "../testing/cli.ts";
import { runTestBackup } from "../testing/run-backup.ts";
import { freshFolder, writeConfig } from "../testing/workspace.ts";

const run = promisify(execFile);
const BIN = fileURLToPath(new URL("../../bin/kubeferry.js", import.meta.url));
const CLUSTER = { name: "desk", domain: "example.test" };

describe.skipIf(missingServers("kube-apiserver", "kubectl"))(
  "kubectl on `kubeferry browse`",
  { timeout: 60_000 },
  () => {
    let live: FreshKubeApi;
    let config: string;
    let browsed: string;
    let browse: ChildProcess;

    beforeAll(async () => {
      live = await servers.freshKubeApi();
      await live.apply(...BROWSED);
      await setPhase("pod-a", "Running");
      config = await writeConfig({
        cluster: CLUSTER,
        kubernetes: { kubeconfig: live.kubeconfig },
        store: { type: "folder", path: join(await freshFolder(), "store") },
        backup: { secrets: "plain" },
      });
      await runTestBackup(config, {});
      const scale = { spec: { replicas: 5 } };
      const path = "/apis/apps/v1/namespaces/shop/deployments/web";
      await live.request("PATCH", path, scale, { "content-type": "application/merge-patch+json" });
      await runTestBackup(config, {});
      browsed = join(await freshFolder(), "kubeconfig");
      browse = await startBrowse(["--and", "latest~1", "--kubeconfig", browsed]);
    }, 120_000);
    afterAll(async () => {
      browse.kill("SIGTERM");
      await live.stop();
    });

    it.each([
      "get all,configmaps,secrets,ingress -n shop",
      "get pods,deployments,services,cronjobs -A -o wide --show-labels",
      "get namespaces,customresourcedefinitions,clusterroles,apiservices --chunk-size=7",
      "get tk -n shop -o wide",
      "get tickets -A --field-selector spec.queue=sales -o name",
      "get deployments,pods -n shop -l app!=web",
      "get pods -n shop --field-selector status.phase=Running,spec.nodeName=node-1",
      "get pods -n shop --field-selector spec.nodename=node-1",
      "get configmaps -n shop --field-selector data.on=yes",
      "get deployment web -n shop -o yaml --show-managed-fields",
      "get tickets,configmaps -n shop -o yaml",
      "get deployment nowhere -n shop",
      "get nothings",
      "describe deployments,pods,services,ingresses,cronjobs,secrets,tickets -n shop",
      "explain deployment.spec.strategy",
      "explain ticket --recursive",
      "api-resources -o wide --sort-by=name",
      "wait --for=jsonpath={.status.phase}=Running pod/pod-a -n shop --timeout=20s",
      "auth can-i list pods",
    ])("%s: as on the cluster", async (line) => {
      const [there, here] = await Promise.all([kubectl(live.kubeconfig, line), kubectl(browsed, line)]);
      expect(comparable(here.stdout)).toBe(comparable(there.stdout));
      expect(here.stderr).toBe(there.stderr);
      expect(here.code).toBe(there.code);
    });

    it("get -w: what is there, in the same columns, and then waits", async () => {
      const line = "get pods -n shop -w";
      const [there, here] = await Promise.all([watched(live.kubeconfig, line, 3), watched(browsed, line, 3)]);
      expect(comparable(here)).toBe(comparable(there));
      expect(here.match(/^(NAME|pod-.)/gm)).toEqual(["NAME", "pod-a", "pod-b"]);
    });

    it("the second context shows the snapshot before", async () => {
      const replicas = "get deployment web -n shop -o jsonpath={.spec.replicas}";
      expect((await kubectl(browsed, `${replicas} --context snapshot-2`)).stdout).toBe("5");
      expect((await kubectl(browsed, `${replicas} --context snapshot-1`)).stdout).toBe("2");
    });

    it("what would change something is refused, and says of when this is", async () => {
      const { stderr, code } = await kubectl(browsed, "delete pod pod-a -n shop --wait=false");
      expect(stderr).toMatch(/this is snapshot 2 of example\.test\/desk, taken .*: it can be read, not changed/);
      expect(code).toBe(1);
      expect((await kubectl(browsed, "auth can-i delete pods")).stdout).toMatch(/^no\b/);
    });

    it("the kubeconfig is for its owner alone, is gone with the server, and no file of somebody else's is touched", async () => {
      expect((await stat(browsed)).mode & 0o777).toBe(0o600);
      const other = join(await freshFolder(), "kubeconfig");
      const own = await startBrowse(["--kubeconfig", other]);
      const ended = once(own, "exit");
      own.kill("SIGTERM");
      expect(await ended).toEqual([0, null]);
      await expect(access(other)).rejects.toThrow("ENOENT");
      const refused = await kubeferry(["browse", "--config", config, "--kubeconfig", config]);
      expect(refused.code).toBe(2);
      expect(refused.stderr).toContain("there is a file that kubeferry browse did not write");
    });

    it("a command behind -- runs without a shell, with KUBECONFIG set, and gives its exit code", async () => {
      const kubectlPath = servers.binary("kubectl");
      const args = ["browse", "--at", "latest~1", "--config", config, "--"];
      const ran = await kubeferry([...args, kubectlPath, "get", "pods", "-n", "shop", "-o", "name", "pod-a", "$(id)"]);
      expect(ran).toMatchObject({ code: 1, stdout: "pod/pod-a\n" });
      expect(ran.stderr).toBe('Error from server (NotFound): pods "$(id)" not found\n');
    });

    async function setPhase(name: string, phase: string): Promise<void> {
      const path = `/api/v1/namespaces/shop/pods/${name}/status`;
      const headers = { "content-type": "application/merge-patch+json" };
      const answer = await live.request("PATCH", path, { status: { phase } }, headers);
      expect(answer.status).toBe(200);
    }

    /** Runs until it says where the kubeconfig lies. */
    async function startBrowse(args: readonly string[]): Promise<ChildProcess> {
      const env = { PATH: process.env.PATH ?? "", HOME: process.env.HOME ?? "", ...sharedByTheRun() };
      const child = spawn(process.execPath, [BIN, "browse", "--config", config, ...args], { env, stdio: "pipe" });
      const [chunk] = (await once(child.stdout, "data")) as [Buffer];
      expect(chunk.toString()).toMatch(/^export KUBECONFIG=\S+\n$/);
      return child;
    }
  },
);

interface Ran {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
}

/** What kubectl prints until so many lines are there. */
async function watched(kubeconfig: string, line: string, lines: number): Promise<string> {
  const child = spawn(servers.binary("kubectl"), ["--kubeconfig", kubeconfig, ...line.split(" ")], { stdio: "pipe" });
  try {
    let printed = "";
    for await (const chunk of child.stdout) {
      printed += String(chunk);
      if (printed.split("\n").length > lines) break;
    }
    return printed;
  } finally {
    child.kill();
  }
}

async function kubectl(kubeconfig: string, line: string): Promise<Ran> {
  const args = ["--kubeconfig", kubeconfig, "--cache-dir", `${kubeconfig}.cache`, ...line.split(" ")];
  try {
    return { ...(await run(servers.binary("kubectl"), args)), code: 0 };
  } catch (error) {
    const { stdout, stderr, code } = error as Ran;
    return { stdout, stderr, code };
  }
}

/**
 * What may differ, and why:
 * - ages: on a snapshot they are counted to its moment;
 * - the section Events of `describe`: events are not in a snapshot, and an empty one would say that there were none.
 */
function comparable(text: string): string {
  return text
    .replace(/^Events: +<none>\n/gm, "")
    .replace(/(?<=\s)(\d+[smhd])+(?=\s|$)/gm, "AGE")
    .replace(/ {2,}/g, "  ");
}
