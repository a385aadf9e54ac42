import { execFile } from "node:child_process";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { createCleaner, equalJson } from "@kubeferry/clean";
import { type JsonObject, parseJson } from "@kubeferry/model";
import { EVERYTHING } from "@kubeferry/test-fleet";
import { type KubeApi, missingServers, servers } from "@kubeferry/testbed";
import { beforeAll, describe, expect, it } from "vitest";
import { freshStore, quietCall, takeSnapshot } from "../testing/take-snapshot.ts";
import { exportSnapshot } from "./export-snapshot.ts";
import { openSink } from "./open-sink.ts";

const run = promisify(execFile);
const DEFINITION = "widgets.export-test.example.com";

/** A namespace with something of each kind that an apply treats in its own way. */
function objectsIn(namespace: string): readonly JsonObject[] {
  const placed = (name: string) => ({ name, namespace });
  return [
    { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } },
    definition(),
    { apiVersion: "export-test.example.com/v1", kind: "Widget", metadata: placed("blue"), spec: { size: 3 } },
    { apiVersion: "v1", kind: "ConfigMap", metadata: placed("web"), data: { motto: "yes", octal: "0777" } },
    { apiVersion: "v1", kind: "ConfigMap", metadata: placed("odd"), data: { text: "next\u0085line" } },
    { apiVersion: "v1", kind: "Secret", metadata: placed("db"), type: "Opaque", data: { password: "c2VjcmV0" } },
    deployment(placed("web")),
  ];
}

function definition(): JsonObject {
  const schema = { type: "object", "x-kubernetes-preserve-unknown-fields": true };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: DEFINITION },
    spec: {
      group: "export-test.example.com",
      names: { plural: "widgets", kind: "Widget", singular: "widget", listKind: "WidgetList" },
      scope: "Namespaced",
      versions: [{ name: "v1", served: true, storage: true, schema: { openAPIV3Schema: schema } }],
    },
  };
}

function deployment(metadata: JsonObject): JsonObject {
  const labels = { app: "web" };
  const containers = [{ name: "web", image: "registry.example.com/web:1" }];
  const template = { metadata: { labels }, spec: { containers } };
  return { apiVersion: "apps/v1", kind: "Deployment", metadata, spec: { selector: { matchLabels: labels }, template } };
}

describe.skipIf(missingServers("kube-apiserver", "kubectl"))("kubectl apply -k of an export", () => {
  let kube: KubeApi;
  const namespace = `export-${Date.now().toString(36)}`;

  beforeAll(async () => {
    kube = await servers.kubeApi();
  }, 300_000);

  it("brings back what the snapshot holds, definitions first", { timeout: 120_000 }, async () => {
    const to = join(await mkdtemp(join(tmpdir(), "export-")), "out");
    const snapshot = await takeSnapshot(await freshStore(), objectsIn(namespace));
    const sink = await openSink(to, new Date(0));
    const options = { snapshot, cleaner: createCleaner(), filter: EVERYTHING, secrets: "include" as const };
    const report = await exportSnapshot(options, sink, quietCall);
    await sink.finish();
    expect(report).toMatchObject({ objects: 6, definitions: 1, beside: [{ object: `configmaps ${namespace}/odd` }] });
    await apply("--server-side", "-k", join(to, "_cluster/customresourcedefinitions"));
    const kubectl = ["wait", "--for=condition=Established", "--timeout=60s", `crd/${DEFINITION}`];
    await run(servers.binary("kubectl"), ["--kubeconfig", kube.kubeconfig, ...kubectl]);
    await apply("--server-side", "-k", to);
    // A server-side apply is read as YAML by the server, which takes U+0085 for a line break.
    await apply("-f", join(to, "_beside"), "-R");
    expect(await live(`/api/v1/namespaces/${namespace}/configmaps/web`)).toMatchObject({
      data: { motto: "yes", octal: "0777" },
    });
    expect(await live(`/api/v1/namespaces/${namespace}/configmaps/odd`)).toMatchObject({
      data: { text: "next\u0085line" },
    });
    expect(await live(`/api/v1/namespaces/${namespace}/secrets/db`)).toMatchObject({ data: { password: "c2VjcmV0" } });
    const widget = await live(`/apis/export-test.example.com/v1/namespaces/${namespace}/widgets/blue`);
    expect(equalJson(widget.spec ?? null, { size: 3 })).toBe(true);
    expect(await live(`/apis/apps/v1/namespaces/${namespace}/deployments/web`)).toMatchObject({
      spec: { template: { spec: { containers: [{ image: "registry.example.com/web:1" }] } } },
    });
  });

  async function apply(...what: string[]): Promise<void> {
    const args = ["--kubeconfig", kube.kubeconfig, "apply", ...what];
    await run(servers.binary("kubectl"), args);
  }

  async function live(path: string): Promise<JsonObject> {
    const answer = await kube.request("GET", path);
    expect(answer.status, path).toBe(200);
    return parseJson(answer.body) as JsonObject;
  }
});
