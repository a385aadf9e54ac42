import { execFileSync } from "node:child_process";
import { type JsonObject, type JsonValue, parseJson } from "@kubeferry/model";
import { type KubeApi, missingServers, servers } from "@kubeferry/testbed";
import { beforeAll, describe, expect, it } from "vitest";
import { createCleaner } from "./cleaner.ts";
import { firstDifference } from "./equal.ts";
import { jsonText } from "./testing/json-text.ts";
import { CASES, type Case, WIDGET_DEFINITION } from "./testing/kube-objects.ts";
import { emitYaml } from "./yaml/emit.ts";

const { clean } = createCleaner();

const objects = CASES.map((one) => one.object);

/** How an object comes into a cluster; each leaves other evidence behind. */
type Way = (objects: readonly JsonObject[], namespace: string) => Promise<void>;

describe.skipIf(missingServers("kube-apiserver", "kubectl"))("clean against a real API server", () => {
  let api: KubeApi;
  beforeAll(async () => {
    api = await servers.kubeApi();
    await api.apply(WIDGET_DEFINITION);
  });

  const ways: Readonly<Record<string, Way>> = {
    async "created without apply"(given, namespace) {
      for (const object of given) await expectOk("POST", pathOf(object, namespace), jsonText(object));
    },
    async "applied by the server"(given, namespace) {
      for (const object of given) {
        const path = `${pathOf(object, namespace)}/${nameOf(object)}?fieldManager=kubeferry-test&force=true`;
        await expectOk("PATCH", path, emitYaml(object), { "content-type": "application/apply-patch+yaml" });
      }
    },
    async "applied by kubectl"(given, namespace) {
      const input = given.map(emitYaml).join("---\n");
      const args = ["--kubeconfig", api.kubeconfig, "-n", namespace, "apply", "-f", "-"];
      execFileSync(servers.binary("kubectl"), args, { input, stdio: ["pipe", "ignore", "inherit"] });
    },
  };

  for (const [first, create] of Object.entries(ways)) {
    for (const [second, apply] of Object.entries(ways)) {
      it(`finds a fixed point for objects ${first}, then elsewhere ${second}`, async () => {
        const views = await inNamespace(async (origin) => {
          await create(objects, origin);
          return viewsIn(origin);
        });
        await inNamespace(async (target) => {
          await apply(views, target);
          for (const [index, again] of (await viewsIn(target)).entries()) {
            expect(firstDifference(views[index] as JsonObject, again), CASES[index]?.what).toBeUndefined();
          }
        });
      });
    }

    it(`keeps what was asked for and drops what the server chose in objects ${first}`, async () => {
      await inNamespace(async (namespace) => {
        await create(objects, namespace);
        for (const [index, view] of (await viewsIn(namespace)).entries()) {
          const { what, keeps, drops } = CASES[index] as Case;
          expect(view.spec ?? {}, what).toMatchObject(keeps);
          for (const pointer of drops) expect(at(view, pointer), `${what} ${pointer}`).toBeUndefined();
        }
      });
    });
  }

  it("removes nothing but the server's own from a custom resource", async () => {
    const widget = objects.find((object) => object.kind === "Widget") as JsonObject;
    await inNamespace(async (namespace) => {
      await ways["applied by kubectl"]?.([widget], namespace);
      expect(firstDifference(widget, await viewOf(widget, namespace))).toBeUndefined();
    });
  });

  it("keeps the status of a custom resource where it is what somebody applied, and only there", async () => {
    await api.apply(definitionOf("Ticket", {}));
    await api.apply(definitionOf("Case", { subresources: { status: {} } }));
    const ticket = { apiVersion: "clean.example.com/v1", kind: "Ticket", metadata: { name: "t" }, status: "open" };
    const kept = { ...ticket, kind: "Case" };
    const namespace = await api.freshNamespace();
    for (const way of ["applied by kubectl", "applied by the server"]) {
      await ways[way]?.([ticket, kept], namespace);
      expect(await viewOf(ticket, namespace), way).toEqual(ticket);
      await expectOk("PATCH", `${pathOf(kept, namespace)}/t/status`, '{"status":"seen"}', MERGE);
      expect((await viewOf(kept, namespace)).status, way).toBeUndefined();
    }
  });

  /** Empties the namespace behind it: ports and addresses that were asked for by name must be free again. */
  async function inNamespace<Result>(act: (namespace: string) => Promise<Result>): Promise<Result> {
    const namespace = await api.freshNamespace();
    try {
      return await act(namespace);
    } finally {
      for (const object of objects) {
        await api.request("DELETE", `${pathOf(object, namespace)}/${nameOf(object)}?propagationPolicy=Background`);
      }
    }
  }

  function viewsIn(namespace: string): Promise<JsonObject[]> {
    return Promise.all(objects.map((object) => viewOf(object, namespace)));
  }

  async function viewOf(object: JsonObject, namespace: string): Promise<JsonObject> {
    const answer = await expectOk("GET", `${pathOf(object, namespace)}/${nameOf(object)}`);
    return withoutNamespace(clean(parseJson(answer) as JsonObject).object);
  }

  async function expectOk(
    method: string,
    path: string,
    body?: string,
    headers?: Record<string, string>,
  ): Promise<string> {
    const answer = await api.request(method, path, body, headers);
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.body}`);
    return answer.body;
  }
});

function pathOf(object: JsonObject, namespace: string): string {
  const group = String(object.apiVersion);
  const resource = `${String(object.kind).toLowerCase().replace(/s$/, "se").replace(/y$/, "ie")}s`;
  return `/${group.includes("/") ? "apis" : "api"}/${group}/namespaces/${namespace}/${resource}`;
}

const MERGE = { "content-type": "application/merge-patch+json" };

function definitionOf(kind: string, version: JsonObject): JsonObject {
  const plural = `${kind.toLowerCase()}s`;
  const schema = { openAPIV3Schema: { type: "object", properties: { status: { type: "string" } } } };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.clean.example.com` },
    spec: {
      group: "clean.example.com",
      names: { kind, plural },
      scope: "Namespaced",
      versions: [{ name: "v1", served: true, storage: true, schema, ...version }],
    },
  };
}

function nameOf(object: JsonObject): string {
  return String((object.metadata as JsonObject).name);
}

function withoutNamespace(object: JsonObject): JsonObject {
  const { namespace: _, ...metadata } = object.metadata as JsonObject;
  return { ...object, metadata };
}

function at(object: JsonObject, pointer: string): JsonValue | undefined {
  let value: JsonValue | undefined = object;
  for (const step of pointer.split("/").slice(1))
    value = (value as JsonObject | undefined)?.[step.replaceAll("~1", "/")];
  return value;
}
