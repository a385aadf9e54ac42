import { execFile } from "node:child_process";
import { chmod, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { type KubeApi, missingServers, servers } from "@kubeferry/testbed";
import { beforeAll, describe, expect, it } from "vitest";
import { testCall } from "../testing/call.ts";
import { kubeferry } from "../testing/cli.ts";
import { openTestStore } from "../testing/open-test-store.ts";
import { freshFolder, freshStores, type TestStore, writeConfig } from "../testing/workspace.ts";

const run = promisify(execFile);
const NOWHERE = "http://127.0.0.1:1";

describe("a configuration that cannot be used", () => {
  it("is missing altogether: says what to write, with the smallest example", async () => {
    const result = await kubeferry(["backup"], { cwd: await freshFolder() });
    expect(result).toMatchObject({ code: 2, stdout: "" });
    expect(result.stderr).toContain("kubeferry.yaml");
    expect(result.stderr).toContain("type: folder");
    expect(result.stderr).toMatch(/^[^\n\\]+\n$/);
  });

  it("has an unknown key: names the nearest known one, and where it stands", async () => {
    const config = await writeConfig({ store: { type: "folder", path: "./store" }, backup: { secretz: "plain" } });
    const result = await kubeferry(["backup", "--config", config]);
    expect(result.code).toBe(2);
    expect(result.stderr).toMatch(/backup\.secretz.*secrets/s);
    expect(result.stderr).toContain(config);
    expect(await readdir(join(config, ".."))).toEqual(["kubeferry.yaml"]);
  });

  it("has several problems: says all of them at once", async () => {
    const config = await writeConfig({
      store: { type: "s3", endpoint: "http://minio:9000", useSsl: true, accessKey: "${UNSET_ACCESS}", secretKey: "x" },
      kubernetes: { pageSize: 0 },
    });
    const result = await kubeferry(["backup", "--config", config]);
    expect(result.code).toBe(2);
    for (const said of ["3 problems", "UNSET_ACCESS", "useSsl", "kubernetes.pageSize"])
      expect(result.stderr).toContain(said);
  });
});

describe.skipIf(missingServers("kube-apiserver", "minio"))("a backup that cannot run", () => {
  let kube: KubeApi;
  let store: TestStore;

  beforeAll(async () => {
    kube = await servers.kubeApi();
    store = await freshStores.MinIO();
  });

  it("finds no bucket and may not create one: says which key allows it", async () => {
    const minio = await servers.minio();
    const result = await backup({ store: { ...store.section, bucket: minio.freshName() } });
    expect(result.code).toBe(2);
    expect(result.stderr).toMatch(/bucket .* store\.autoCreateBucket/s);
  });

  it("has the wrong keys: says that the store denied them, and does not print them", async () => {
    const result = await backup({}, { MINIO_SECRET_KEY: "wrong-wrong-wrong" });
    expect(result.code).toBe(2);
    expect(result.stderr).toMatch(/denied.*store\.(accessKey|secretKey)/s);
    expect(result.stderr).not.toContain("wrong-wrong-wrong");
  });

  it("reaches no API server: says which one, and leaves the bucket empty", async () => {
    const fresh = await freshStores.MinIO();
    const kubeconfig = join(await freshFolder(), "kubeconfig");
    await writeFile(kubeconfig, (await readFile(kube.kubeconfig, "utf8")).replace(kube.url, NOWHERE));
    const result = await backup(
      { store: fresh.section, kubernetes: { kubeconfig }, retry: { attempts: 1 } },
      fresh.env,
    );
    expect(result.code).toBe(2);
    expect(result.stderr).toContain("127.0.0.1:1");
    expect(await keysIn(fresh)).toEqual([]);
  });

  it("is given a context that the kubeconfig lacks: lists those it has", async () => {
    const result = await backup({ kubernetes: { kubeconfig: kube.kubeconfig, context: "produktion" } });
    expect(result.code).toBe(2);
    expect(result.stderr).toContain("produktion");
    expect(result.stderr).toContain("admin");
  });

  it("meets another cluster under its name: stops before it writes anything", async () => {
    const fresh = await freshStores.MinIO();
    const other = await servers.freshKubeApi();
    try {
      expect(await backup({ store: fresh.section }, fresh.env)).toMatchObject({ code: 0 });
      const before = await keysIn(fresh);
      const result = await backup({ store: fresh.section, kubernetes: { kubeconfig: other.kubeconfig } }, fresh.env);
      expect(result.code).toBe(2);
      expect(result.stderr).toMatch(/wrong-cluster.*cluster\.name/s);
      expect(await keysIn(fresh)).toEqual(before);
    } finally {
      await other.stop();
    }
  });

  it("answers with one JSON document also when it fails, and keeps everything else off stdout", async () => {
    const result = await backup({ kubernetes: { kubeconfig: kube.kubeconfig, context: "produktion" } }, {}, [
      "--output",
      "json",
    ]);
    expect(JSON.parse(result.stdout)).toMatchObject({
      stage: "backup",
      status: "failed",
      error: expect.stringContaining("produktion"),
    });
  });

  function backup(
    sections: Record<string, unknown>,
    env: Record<string, string> = {},
    more: readonly string[] = [],
  ): ReturnType<typeof kubeferry> {
    return writeConfig({
      cluster: { name: "bad", domain: "example.internal" },
      kubernetes: { kubeconfig: kube.kubeconfig },
      store: store.section,
      ...sections,
    }).then((config) => kubeferry(["backup", "--config", config, ...more], { env: { ...store.env, ...env } }));
  }
});

describe.skipIf(missingServers("kube-apiserver"))("a push that is refused", () => {
  it("says what the repository answered; the branch stays where it was", async () => {
    const kube = await servers.kubeApi();
    const namespace = await kube.freshNamespace("refused");
    await kube.apply({ apiVersion: "v1", kind: "ConfigMap", metadata: { namespace, name: "a" }, data: { a: "b" } });
    const { url, hooks } = await repositoryWithCommit();
    await writeFile(
      join(hooks, "pre-receive"),
      "#!/bin/sh\necho 'branch kubeferry/main is protected by the rule two-approvals' >&2\nexit 1\n",
    );
    await chmod(join(hooks, "pre-receive"), 0o755);
    const config = await writeConfig({
      cluster: { name: "refused", domain: "example.internal" },
      kubernetes: { kubeconfig: kube.kubeconfig },
      store: { type: "folder", path: "./store" },
      gitops: { namespaces: [namespace], repository: { url } },
    });
    const result = await kubeferry(["run", "--config", config]);
    expect(result.code).toBe(2);
    expect(result.stderr).toContain("two-approvals");
    const { stdout } = await run("git", ["--git-dir", url, "branch", "--list"]);
    expect(stdout).not.toContain("kubeferry");
  });
});

async function repositoryWithCommit(): Promise<{ url: string; hooks: string }> {
  const url = join(await freshFolder(), "fleet.git");
  const checkout = join(await freshFolder(), "checkout");
  await run("git", ["init", "--quiet", "--bare", "--initial-branch=main", url]);
  await run("git", ["clone", "--quiet", url, checkout]);
  const author = ["-c", "user.name=t", "-c", "user.email=t@example.invalid"];
  await run("git", ["-C", checkout, ...author, "commit", "--quiet", "--allow-empty", "-m", "start"]);
  await run("git", ["-C", checkout, "push", "--quiet", "origin", "HEAD:main"]);
  return { url, hooks: join(url, "hooks") };
}

async function keysIn(test: TestStore): Promise<string[]> {
  const keys: string[] = [];
  for await (const entry of (await openTestStore(test)).list("", {}, testCall)) {
    if (entry.type === "object") keys.push(entry.object.key);
  }
  return keys;
}
