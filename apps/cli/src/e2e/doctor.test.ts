import { randomUUID } from "node:crypto";
import { type KubeApi, missingServers, servers } from "@kubeferry/testbed";
import { beforeAll, describe, expect, it } from "vitest";
import { testCall } from "../testing/call.ts";
import { kubeferry } from "../testing/cli.ts";
import { openTestStore } from "../testing/open-test-store.ts";
import { freshStores, type TestStore, writeConfig } from "../testing/workspace.ts";

describe.skipIf(missingServers("kube-apiserver", "minio", "gitea"))("kubeferry doctor", () => {
  let kube: KubeApi;
  let store: TestStore;

  beforeAll(async () => {
    kube = await servers.kubeApi();
    store = await freshStores.MinIO();
  });

  it("says ok to cluster, rights, store and repository, and leaves nothing behind in the store", async () => {
    const result = await doctor(kube.kubeconfig, (await servers.gitea()).token);
    expect(result.code, result.stdout + result.stderr).toBe(0);
    for (const line of [
      "ok    cluster: ",
      "ok    rights: may list ",
      ", keys from store.accessKey and store.secretKey",
      "ok    store: put",
      "ok    store: conditional put: honoured",
      "ok    store: clock",
      "ok    store: delete",
      "ok    host: Gitea ",
      "ok    host: repository: ",
      "ok    host: rules of main: none: whoever may push may push to it",
      "ok    host: what is asked for: all of gitops.pullRequest can be had",
      "ok    repository: push",
    ]) {
      expect(result.stdout).toContain(line);
    }
    const keys: string[] = [];
    for await (const entry of (await openTestStore(store)).list("", {}, testCall)) keys.push(entry.type);
    expect(keys).toEqual([]);
  });

  it("names each right that is missing, with the command that shows it", async () => {
    const user = await whoReadsOnlyNamespaces();
    const result = await doctor(user, (await servers.gitea()).token);
    expect(result.code).toBe(1);
    expect(result.stdout).toContain("FAIL  right to list secrets");
    expect(result.stdout).toContain("kubectl auth can-i list secrets --all-namespaces");
    expect(result.stdout).not.toContain("FAIL  right to list namespaces");
  });

  it("asks for no right to what a backup leaves out, by default or by wish", async () => {
    const user = await whoReadsOnlyNamespaces();
    const config = await writeConfig({
      cluster: { name: "doctor", domain: "example.internal" },
      kubernetes: { kubeconfig: user },
      store: store.section,
      backup: { filter: { resources: { exclude: ["configmaps"] }, alsoTake: ["events"] }, secrets: "omit" },
    });
    const { stdout } = await kubeferry(["doctor", "--config", config], { env: store.env });
    for (const taken of ["events", "services"]) expect(stdout).toContain(`FAIL  right to list ${taken}:`);
    for (const left of ["leases.coordination.k8s.io", "configmaps", "secrets"]) {
      expect(stdout).not.toContain(`right to list ${left}:`);
    }
  });

  it("says what the rules of the base keep a run from", async () => {
    const rule = { branch_name: "main", enable_status_check: true, status_check_contexts: ["kubeferry/validation"] };
    const unset = await doctorOn({ rule, gitops: { pullRequest: { status: false } } });
    expect(unset.code).toBe(1);
    expect(unset.stdout).toMatch(
      /FAIL {2}host: rules of main: .*wants the status kubeferry\/validation, and nobody sets it.*\n +next: set gitops\.pullRequest\.status: true/,
    );
    const refused = await doctorOn({ rule: { branch_name: "main", enable_push: false }, gitops: { mode: "push" } });
    expect(refused.stdout).toMatch(/FAIL {2}host: rules of main: .*protected from this token/);
    const fine = await doctorOn({ rule, gitops: { pullRequest: { autoMerge: "squash" } } });
    expect(fine.stdout).toContain("ok    host: rules of main: protected; required: kubeferry/validation");
  });

  it("says when the token may not push", async () => {
    const result = await doctor(kube.kubeconfig, "0123456789012345678901234567890123456789");
    expect(result.code).toBe(1);
    expect(result.stdout).toMatch(/FAIL {2}repository: .*\n +next: /);
  });

  /** Without a look at kube-system no cluster can be identified. @returns a kubeconfig */
  async function whoReadsOnlyNamespaces(): Promise<string> {
    const name = `doctor-${randomUUID()}`;
    const group = "rbac.authorization.k8s.io";
    await kube.apply(
      {
        apiVersion: `${group}/v1`,
        kind: "ClusterRole",
        metadata: { name: "only-namespaces" },
        rules: [{ apiGroups: [""], resources: ["namespaces", "nodes"], verbs: ["get", "list"] }],
      },
      {
        apiVersion: `${group}/v1`,
        kind: "ClusterRoleBinding",
        metadata: { name },
        roleRef: { apiGroup: group, kind: "ClusterRole", name: "only-namespaces" },
        subjects: [{ apiGroup: group, kind: "User", name }],
      },
    );
    return kube.kubeconfigFor(name);
  }

  /** Looks at a repository whose base has a rule. */
  async function doctorOn(on: { rule: object; gitops: object }): ReturnType<typeof kubeferry> {
    const gitea = await servers.gitea();
    const { cloneUrl, owner, name } = await gitea.freshRepository();
    const { status } = await gitea.api("POST", `/repos/${owner}/${name}/branch_protections`, on.rule);
    expect(status).toBe(201);
    return doctor(kube.kubeconfig, gitea.token, { cloneUrl, gitops: on.gitops });
  }

  async function doctor(
    kubeconfig: string,
    token: string,
    on: { cloneUrl?: string; gitops?: object } = {},
  ): ReturnType<typeof kubeferry> {
    const cloneUrl = on.cloneUrl ?? (await (await servers.gitea()).freshRepository()).cloneUrl;
    const repository = { url: cloneUrl, platform: "gitea", token: "${GIT_TOKEN}" };
    const config = await writeConfig({
      cluster: { name: "doctor", domain: "example.internal" },
      kubernetes: { kubeconfig },
      store: store.section,
      gitops: { namespaces: ["shop"], repository, ...on.gitops },
    });
    return kubeferry(["doctor", "--config", config], { env: { ...store.env, GIT_TOKEN: token } });
  }
});
