import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ArgoJudgement, type ArgoOracle, type KubeApi, missingServers, servers } from "../index.ts";

const TIMEOUT_MS = 120_000;

describe.skipIf(missingServers("kube-apiserver", "argo-oracle"))("the Argo CD oracle", () => {
  let kube: KubeApi;
  let oracle: ArgoOracle;
  let namespace: string;
  beforeAll(async () => {
    kube = await servers.kubeApi();
    namespace = await kube.freshNamespace("argo");
    oracle = servers.argoOracle(kube.kubeconfig);
  }, TIMEOUT_MS);
  afterAll(() => oracle?.close());

  it("sees a changed value in every mode, its own annotation, and never a Secret's value", {
    timeout: TIMEOUT_MS,
  }, async () => {
    await kube.apply(configMap("settings", { greeting: "hello" }), secret("hunter2"));
    const judged = await judge(configMap("settings", { greeting: "good day" }), secret("hunter3"));
    expect(judged.map(({ mode, id }) => `${mode} ${id}`)).toEqual([
      `three-way /ConfigMap ${namespace}/settings`,
      `structured-merge /ConfigMap ${namespace}/settings`,
      `server-side /ConfigMap ${namespace}/settings`,
      `three-way /Secret ${namespace}/key`,
      `structured-merge /Secret ${namespace}/key`,
      `server-side /Secret ${namespace}/key`,
    ]);
    const tracked = JSON.stringify(`shop-prod:/ConfigMap:${namespace}/settings`);
    for (const { mode, error, differences } of judged.slice(0, 3)) {
      expect(error, mode).toBeUndefined();
      expect(differences, mode).toEqual([
        { path: "/data/greeting", live: '"hello"', wanted: '"good day"' },
        { path: "/metadata/annotations/argocd.argoproj.io~1tracking-id", wanted: tracked },
      ]);
    }
    for (const { differences } of judged.slice(3)) expect(differences).toContainEqual({ path: "/data/password" });
    expect(JSON.stringify(judged)).not.toContain(encoded("hunter2"));
  });

  it("sees nothing in what was synced, and a field that last-applied has and Git lost only by three-way", {
    timeout: TIMEOUT_MS,
  }, async () => {
    const id = `shop-prod:/ConfigMap:${namespace}/synced`;
    const object = configMap("synced", { a: "1", b: "2" });
    const applied = { "kubectl.kubernetes.io/last-applied-configuration": JSON.stringify(object) };
    const annotations = { ...applied, "argocd.argoproj.io/tracking-id": id };
    await kube.apply({ ...object, metadata: { ...object.metadata, annotations } });
    expect((await judge(object)).map(({ differences }) => differences)).toEqual([[], [], []]);
    const [threeWay, structured, serverSide] = await judge(configMap("synced", { a: "1" }));
    expect(threeWay?.differences).toEqual([{ path: "/data/b", live: '"2"' }]);
    expect([structured?.differences, serverSide?.differences]).toEqual([[], []]);
  });

  it("answers with an error for what is not in the cluster or has a type that is not, and goes on", {
    timeout: TIMEOUT_MS,
  }, async () => {
    const stranger = { ...configMap("x", {}), apiVersion: "nobody.example.com/v1", kind: "Thing" };
    const judged = await judge(configMap("absent", {}), stranger);
    expect(judged.map(({ error }) => error !== undefined)).toEqual([true, true, true, true, true, true]);
    await expect(oracle.judge({ application: "shop-prod", build: "a: [" })).rejects.toThrow(/read the build/);
    expect(await judge()).toEqual([]);
  });

  function judge(...objects: readonly object[]): Promise<readonly ArgoJudgement[]> {
    const build = objects.map((object) => JSON.stringify(object)).join("\n---\n");
    return oracle.judge({ application: "shop-prod", namespace, build });
  }

  function configMap(name: string, data: object) {
    return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace }, data };
  }

  function secret(password: string): object {
    return { ...configMap("key", { password: encoded(password) }), kind: "Secret", type: "Opaque" };
  }
});

function encoded(text: string): string {
  return Buffer.from(text, "utf8").toString("base64");
}
