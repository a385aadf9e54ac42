import { randomUUID } from "node:crypto";
import type { KubeError } from "@kubeferry/kube";
import type { JsonObject } from "@kubeferry/model";
import { loadConfig } from "@kubeferry/shared-config";
import { type KubeApi, missingServers, servers } from "@kubeferry/testbed";
import { describe, expect, it, onTestFinished } from "vitest";
import { testCall } from "../testing/test-backups.ts";
import { announceByJob } from "./by-job.ts";

const COMPLETED = {
  format: 1,
  cluster: "example.internal/test",
  series: "default",
  sequence: 1,
  status: "complete",
  finishedAt: "2026-03-01T02:00:07Z",
  objects: 1,
  changed: 1,
  removed: 0,
} as const;

/** One backup that is complete. */
const completed = () => ({ ...COMPLETED, runId: randomUUID(), snapshot: "a/_snapshots/default/0000000001.json" });

const TIMEOUT = { timeout: 60_000 };
const MERGE = { "content-type": "application/merge-patch+json" };

describe.skipIf(missingServers("kube-apiserver"))("a Job made on the real API server", () => {
  it("begins stage 2, with no more rights than to get its CronJob and to list and create Jobs", TIMEOUT, async () => {
    const { server, namespace, kubeconfig } = await open();
    const announcer = await announcerIn(namespace, kubeconfig);
    const told = await announcer.tell(completed(), { ...testCall, span: SPAN });
    expect(told).toEqual({ outcome: "told", target: expect.stringMatching(/\/ferry-gitops-[0-9a-f]{10}$/) });
    const [job] = await jobsIn(namespace, server);
    expect(`${namespace}/${job?.metadata?.name}`).toBe(told.target);
    expect(job).toMatchObject({
      metadata: {
        annotations: { "cronjob.kubernetes.io/instantiate": "manual" },
        ownerReferences: [{ kind: "CronJob", name: "ferry-gitops", controller: true }],
      },
      spec: { template: { spec: { containers: [{ env: [{ name: "TRACEPARENT", value: SPAN.traceparent }] }] } } },
    });
  });

  it(
    "is the only one while it has not begun, however many backups end, and another one after that",
    TIMEOUT,
    async () => {
      const { server, namespace, kubeconfig } = await open();
      const announcer = await announcerIn(namespace, kubeconfig);
      const all = await Promise.all([1, 2, 3].map(() => announcer.tell(completed(), testCall)));
      expect(all.map(({ outcome }) => outcome)).toEqual(["told", "waiting", "waiting"]);
      const [job] = await jobsIn(namespace, server);
      // As the Job controller does when it makes the Pod.
      await server.request(
        "PATCH",
        `/apis/batch/v1/namespaces/${namespace}/jobs/${job?.metadata?.name}/status`,
        { status: { startTime: "2026-03-01T02:00:08Z", active: 1 } },
        MERGE,
      );
      expect(await announcer.tell(completed(), testCall)).toMatchObject({ outcome: "told" });
      expect(await jobsIn(namespace, server)).toHaveLength(2);
    },
  );

  it("is made once for one announcement, also when the answer to the first try was lost", TIMEOUT, async () => {
    const { server, namespace, kubeconfig } = await open();
    const announcer = await announcerIn(namespace, kubeconfig);
    const one = completed();
    const first = await announcer.tell(one, testCall);
    const [job] = await jobsIn(namespace, server);
    const path = `/apis/batch/v1/namespaces/${namespace}/jobs/${job?.metadata?.name}/status`;
    const began = { status: { startTime: "2026-03-01T02:00:08Z" } };
    await server.request("PATCH", path, began, MERGE);
    expect(await announcer.tell(one, testCall)).toEqual(first);
    expect(await jobsIn(namespace, server)).toHaveLength(1);
  });

  it("is tried without being made, by whoever wants to know", TIMEOUT, async () => {
    const { server, namespace, kubeconfig } = await open();
    const announcer = await announcerIn(namespace, kubeconfig);
    expect(await announcer.check(testCall)).toContain(`CronJob ${namespace}/ferry-gitops`);
    expect(await jobsIn(namespace, server)).toEqual([]);
  });

  it("is said to be forbidden to whoever may only look", TIMEOUT, async () => {
    const { server, namespace, kubeconfig } = await open();
    const path = `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/roles/announcer`;
    const rules = [{ apiGroups: ["batch"], resources: ["cronjobs", "jobs"], verbs: ["get", "list"] }];
    await server.request("PATCH", path, { rules }, MERGE);
    const announcer = await announcerIn(namespace, kubeconfig);
    await expect
      .poll(() => announcer.check(testCall).catch((error: KubeError) => error.kind), { timeout: 30_000 })
      .toBe("forbidden");
  });

  it("cannot be made of a CronJob that is not there, and the error names it", TIMEOUT, async () => {
    const { server, namespace } = await open();
    const announcer = await announcerIn(namespace, server.kubeconfig, "nobody");
    await expect(announcer.tell(completed(), testCall)).rejects.toThrow("nobody");
  });
});

const SPAN = {
  traceId: "4bf92f3577b34da6a3ce929d0e0e4736",
  traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
  child: () => SPAN,
  set: () => undefined,
  end: () => undefined,
};

interface MadeJob {
  readonly metadata?: { readonly name?: string };
}

async function jobsIn(namespace: string, server: KubeApi): Promise<readonly MadeJob[]> {
  const { body } = await server.request("GET", `/apis/batch/v1/namespaces/${namespace}/jobs`);
  return (JSON.parse(body) as { items: MadeJob[] }).items;
}

async function announcerIn(namespace: string, kubeconfig: string, name = "ferry-gitops") {
  const { config } = await loadConfig({
    files: [],
    env: {},
    flags: {
      "store.type": "folder",
      "store.path": "/nowhere",
      "announce.via": "job",
      "announce.cronJob.name": name,
      "announce.cronJob.namespace": namespace,
      "announce.cronJob.kubeconfig": kubeconfig,
    },
  });
  const announcer = announceByJob(config);
  onTestFinished(() => announcer.close());
  return announcer;
}

/** A namespace with the CronJob of stage 2, and somebody who may do just what announcing needs. */
async function open() {
  const server = await servers.kubeApi();
  const namespace = await server.freshNamespace();
  const user = `announcer-${namespace}`;
  const own = (kind: string, name: string, more: JsonObject): JsonObject => ({
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind,
    metadata: { name, namespace },
    ...more,
  });
  await server.apply({
    apiVersion: "batch/v1",
    kind: "CronJob",
    metadata: { name: "ferry-gitops", namespace },
    spec: {
      schedule: "0 5 * * *",
      suspend: true,
      jobTemplate: {
        spec: { template: { spec: { restartPolicy: "Never", containers: [{ name: "gitops", image: "kubeferry" }] } } },
      },
    },
  });
  await server.apply(
    own("Role", "announcer", {
      rules: [
        { apiGroups: ["batch"], resources: ["cronjobs"], resourceNames: ["ferry-gitops"], verbs: ["get"] },
        { apiGroups: ["batch"], resources: ["jobs"], verbs: ["list", "create"] },
      ],
    }),
  );
  await server.apply(
    own("RoleBinding", "announcer", {
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "announcer" },
      subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name: user }],
    }),
  );
  return { server, namespace, kubeconfig: await server.kubeconfigFor(user) };
}
