import type { KubeApi, ListedObject } from "@kubeferry/kube";
import { typeName } from "@kubeferry/model";
import { StorageError } from "@kubeferry/object-store";
import { widgetDefinition } from "@kubeferry/test-fleet";
import { type FreshKubeApi, missingServers, servers } from "@kubeferry/testbed";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openTestBackups, type TakenBackup, testCall } from "./testing/test-backups.ts";

describe.skipIf(missingServers("kube-apiserver"))("a run during which", () => {
  let server: FreshKubeApi;
  let namespace: string;
  beforeAll(async () => {
    server = await servers.freshKubeApi();
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    namespace = await server.freshNamespace("hard");
  });

  it("the API server dies and starts again is complete all the same", { timeout: 180_000 }, async () => {
    await createConfigMaps(1_200);
    const restarted = Promise.withResolvers<void>();
    const dies = inTheMiddleOf("configmaps", 600, async () => {
      await server.kill();
      // Longer than all tries of one request together.
      setTimeout(() => server.restart().then(restarted.resolve, restarted.reject), 2_000);
    });
    const backups = await openTestBackups({ kubeconfig: server.kubeconfig, around: dies });
    const taken = await backups.run();
    await restarted.promise;
    expect(taken.report).toMatchObject({ status: "complete", unread: [], failures: [] });
    expect(await namesOf(taken, "configmaps")).toEqual(
      Array.from({ length: 1_200 }, (_, index) => `c-${index}`).sort(),
    );
  });

  it("a CustomResourceDefinition is deleted leaves its type unread or gone, and reads everything else", {
    timeout: 120_000,
  }, async () => {
    await server.apply(widgetDefinition(), widget("blue"));
    const definition = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.example.com";
    const backups = await openTestBackups({
      kubeconfig: server.kubeconfig,
      around: before("widgets.example.com", async () => {
        await server.request("DELETE", definition);
        const widgets = `/apis/example.com/v1/namespaces/${namespace}/widgets`;
        await expect.poll(async () => (await server.request("GET", widgets)).status, { timeout: 30_000 }).toBe(404);
      }),
    });
    const first = await backups.run();
    // Nobody knows what it held: that is a gap, not an empty type.
    expect(first.report.unread).toMatchObject([{ resource: "widgets.example.com", carried: 0 }]);
    expect(first.report.status).toBe("partial");
    // The next run finds neither type nor definition: it is gone.
    const second = await backups.run();
    expect(second.report).toMatchObject({ status: "complete", unread: [] });
    expect(typesOf(second)).not.toContain("widgets.example.com");
  });

  it("the store refuses bytes ends the lists under way", {
    timeout: 60_000,
  }, async () => {
    await createConfigMaps(1);
    const ended = Promise.withResolvers<unknown>();
    const neverEnding = { [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => undefined) }) };
    const backups = await openTestBackups({
      kubeconfig: server.kubeconfig,
      backup: {
        filter: { mode: "whitelist", resources: { include: ["configmaps", "clusterroles", "namespaces", "secrets"] } },
      },
      around: (kube) => ({
        ...kube,
        list(type, request, call) {
          const listing = kube.list(type, request, call);
          if (typeName(type) !== "secrets") return listing;
          call.signal.addEventListener("abort", () => ended.resolve(call.signal.reason), { once: true });
          return { ...neverEnding, end: () => listing.end() };
        },
      }),
      onStore({ operation, key, phase }) {
        if (operation !== "put" || phase !== "before" || !key.includes("/segments/")) return;
        throw new StorageError({ kind: "denied", who: "test", operation: `put ${key}`, problem: "no right to write" });
      },
    });
    await expect(backups.run()).rejects.toThrow("no right to write");
    await expect(ended.promise).resolves.toMatchObject({ name: "StorageError" });
  });

  it("objects change, come and go holds each list as of one moment", { timeout: 120_000 }, async () => {
    await createConfigMaps(1_200);
    const path = `/api/v1/namespaces/${namespace}/configmaps`;
    const backups = await openTestBackups({
      kubeconfig: server.kubeconfig,
      around: inTheMiddleOf("configmaps", 600, async () => {
        await server.request("DELETE", `${path}/c-999`);
        await server.request("POST", path, { metadata: { name: "zz-new" } });
        const change = { metadata: { labels: { changed: "yes" } } };
        await server.request("PATCH", `${path}/c-998`, change, { "content-type": "application/merge-patch+json" });
      }),
    });
    const taken = await backups.run();
    const names = await namesOf(taken, "configmaps");
    expect(names).toContain("c-999");
    expect(names).not.toContain("zz-new");
    expect(await lineOf(taken, "c-998")).not.toContain("changed");
    const later = await backups.run();
    expect(later.report).toMatchObject({ removed: 1, status: "complete" });
    expect(await lineOf(later, "c-998")).toContain('"changed":"yes"');
  });

  it("objects of every legal name and of 1.4 MB come by are byte for byte what GET returns", {
    timeout: 120_000,
  }, async () => {
    const long = `${"a".repeat(60)}.`.repeat(4) + "b".repeat(9);
    const big = { large: "x".repeat(1_040_000) };
    await server.apply({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: long, namespace }, data: big });
    const roles = ["system:Odd:Name", "Capital", "with space", "a|b*c?", "é", "..a", "~tilde"];
    for (const name of roles) {
      await server.apply({ apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRole", metadata: { name } });
    }
    await server.apply(widgetDefinition());
    const spec = { text: "y".repeat(1_400_000), number: 1 };
    await server.apply({ ...widget("large"), spec });
    const taken = await (await openTestBackups({ kubeconfig: server.kubeconfig })).run();
    expect(taken.report.status).toBe("complete");
    expect(await namesOf(taken, "configmaps")).toContain(long);
    for (const name of roles) expect(await namesOf(taken, "clusterroles")).toContain(name);
    const got = await server.request("GET", `/apis/example.com/v1/namespaces/${namespace}/widgets/large`);
    expect(await lineOf(taken, "large")).toBe(got.body.trimEnd());
  });

  async function createConfigMaps(count: number): Promise<void> {
    const numbers = Array.from({ length: count }, (_, index) => index).values();
    const create = async () => {
      for (const number of numbers) {
        await server.request("POST", `/api/v1/namespaces/${namespace}/configmaps`, {
          metadata: { name: `c-${number}` },
        });
      }
    };
    await Promise.all(Array.from({ length: 8 }, create));
  }

  function widget(name: string) {
    return { apiVersion: "example.com/v1", kind: "Widget", metadata: { name, namespace } };
  }

  /** Names of the objects in the test's namespace, or without one. */
  async function namesOf({ snapshot }: TakenBackup, resource: string): Promise<string[]> {
    const names: string[] = [];
    for await (const object of snapshot.objects((each) => each.resource === resource, testCall)) {
      if (!object.readable) continue;
      const { metadata } = JSON.parse(object.line.toString("utf8"));
      if (!object.type.namespaced || metadata.namespace === namespace) names.push(metadata.name);
    }
    return names.sort();
  }

  async function lineOf({ snapshot }: TakenBackup, name: string): Promise<string | undefined> {
    for await (const object of snapshot.objects(() => true, testCall)) {
      if (object.readable && object.key === `${namespace}/${name}`) return object.line.toString("utf8");
    }
    return undefined;
  }
});

function typesOf({ snapshot }: TakenBackup): string[] {
  return snapshot.manifest.types.map(typeName);
}

/** Does something once, after so many objects of a type have been read. */
function inTheMiddleOf(resource: string, objects: number, act: () => Promise<void>): (kube: KubeApi) => KubeApi {
  let done = false;
  return (kube) => ({
    ...kube,
    list(type, request, call) {
      const listing = kube.list(type, request, call);
      async function* watched(): AsyncGenerator<ListedObject> {
        let seen = 0;
        for await (const object of listing) {
          if (typeName(type) === resource && !done && seen++ === objects) {
            done = true;
            await act();
          }
          yield object;
        }
      }
      return { [Symbol.asyncIterator]: watched, end: () => listing.end() };
    },
  });
}

/** Does something once, before a type is listed. */
function before(resource: string, act: () => Promise<void>): (kube: KubeApi) => KubeApi {
  let done = false;
  return (kube) => ({
    ...kube,
    list(type, request, call) {
      const listing = kube.list(type, request, call);
      async function* late(): AsyncGenerator<ListedObject> {
        if (typeName(type) === resource && !done) {
          done = true;
          await act();
        }
        yield* listing;
      }
      return { [Symbol.asyncIterator]: late, end: () => listing.end() };
    },
  });
}
