import type { JsonObject } from "@kubeferry/model";
import { missingServers, servers } from "@kubeferry/testbed";
import { describe, expect, it } from "vitest";
import { openTestWriter } from "../testing/test-api.ts";
import { testCall } from "../testing/test-call.ts";
import type { WriteTarget } from "./kube-writer.ts";

const APPLY = { dryRun: false, force: false };
const configMaps = { group: "", version: "v1", resource: "configmaps", kind: "ConfigMap", namespaced: true };

describe.skipIf(missingServers("kube-apiserver"))("writing to a real API server", () => {
  it("applies as kubeferry, says whether it made the object, and applying again changes nothing", async () => {
    const { writer, target } = await open();
    const object = configMap(target, { face: "😀", line: "a\nb", number: "1" });
    const first = await writer.apply(target, object, APPLY, testCall);
    const again = await writer.apply(target, object, APPLY, testCall);
    expect(first.created).toBe(true);
    expect(again).toMatchObject({ created: false, uid: first.uid, resourceVersion: first.resourceVersion });
    const read = await writer.read(target, testCall);
    expect(read?.data).toEqual({ face: "😀", line: "a\nb", number: "1" });
    expect(metadata(read).managedFields).toMatchObject([{ manager: "kubeferry", operation: "Apply" }]);
  });

  it("keeps integers beyond 2^53", async () => {
    const { writer, namespace } = await open();
    const type = { group: "batch", version: "v1", resource: "jobs", kind: "Job", namespaced: true };
    const target = { type, namespace, name: "long" };
    const object = {
      apiVersion: "batch/v1",
      kind: "Job",
      metadata: { name: "long", namespace },
      spec: {
        activeDeadlineSeconds: 9_007_199_254_740_993n,
        template: { spec: { restartPolicy: "Never", containers: [{ name: "a", image: "a" }] } },
      },
    };
    await writer.apply(target, object, APPLY, testCall);
    const read = await writer.read(target, testCall);
    expect(read?.spec).toMatchObject({ activeDeadlineSeconds: 9_007_199_254_740_993n });
  });

  it("changes nothing in a dry run", async () => {
    const { writer, target } = await open();
    const tried = await writer.apply(target, configMap(target, { a: "b" }), { ...APPLY, dryRun: true }, testCall);
    expect(tried).toMatchObject({ created: true, object: { data: { a: "b" } } });
    expect(await writer.read(target, testCall)).toBeUndefined();
  });

  it("is told no more than metadata where nobody wants more, and the same of it", async () => {
    const { writer, target } = await open();
    const request = { ...APPLY, answer: "metadata" } as const;
    const tried = await writer.apply(target, configMap(target, { a: "b" }), { ...request, dryRun: true }, testCall);
    expect(tried.created).toBe(true);
    const made = await writer.apply(target, configMap(target, { a: "b" }), request, testCall);
    const { uid, resourceVersion } = metadata(await writer.read(target, testCall));
    expect(made).toMatchObject({ created: true, uid, resourceVersion, object: { kind: "PartialObjectMetadata" } });
    expect(made.object).not.toHaveProperty("data");
  });

  it("takes a field from another manager only with force", async () => {
    const { writer, target, server } = await open();
    await server.apply(configMap(target, { a: "theirs" }));
    const mine = configMap(target, { a: "mine" });
    await expect(writer.apply(target, mine, APPLY, testCall)).rejects.toMatchObject({ kind: "conflict", status: 409 });
    const taken = await writer.apply(target, mine, { ...APPLY, force: true }, testCall);
    expect(taken.object.data).toEqual({ a: "mine" });
  });

  it("writes only to the object it was told, as it was then", async () => {
    const { writer, target } = await open();
    const { uid, resourceVersion } = await writer.apply(target, configMap(target, { a: "1" }), APPLY, testCall);
    await writer.apply(target, configMap(target, { a: "2" }), APPLY, testCall);
    for (const precondition of [{ uid, resourceVersion }, { uid: "another" }]) {
      const request = { dryRun: false, force: true, precondition };
      await expect(writer.apply(target, configMap(target, { a: "3" }), request, testCall)).rejects.toMatchObject({
        kind: "conflict",
      });
    }
    expect((await writer.read(target, testCall))?.data).toEqual({ a: "2" });
  });

  it("replaces the whole object, and is done where that was done before", async () => {
    const { writer, target } = await open();
    const first = await writer.apply(target, configMap(target, { a: "1", b: "2" }), APPLY, testCall);
    const request = { dryRun: false, precondition: { uid: first.uid, resourceVersion: first.resourceVersion } };
    const wanted = configMap(target, { a: "new" });
    const replaced = await writer.replace(target, wanted, request, testCall);
    expect(replaced.object.data).toEqual({ a: "new" });
    // As after an answer that was lost: the version it names is no longer there.
    const again = await writer.replace(target, wanted, request, testCall);
    expect(again.resourceVersion).toBe(replaced.resourceVersion);
    const other = writer.replace(target, configMap(target, { a: "other" }), request, testCall);
    await expect(other).rejects.toMatchObject({ kind: "conflict" });
  });

  it("removes only the object it was told, and says what became of it", async () => {
    const { writer, target } = await open();
    const { uid } = await writer.apply(target, configMap(target, {}), APPLY, testCall);
    const remove = (precondition: { uid: string; resourceVersion?: string }, dryRun = false) =>
      writer.remove(target, { dryRun, precondition }, testCall);
    expect(await remove({ uid: "another" })).toBe("absent");
    await expect(remove({ uid, resourceVersion: "1" })).rejects.toMatchObject({ kind: "conflict" });
    expect(await remove({ uid }, true)).toBe("removed");
    expect(await writer.read(target, testCall)).toBeDefined();
    const held = configMap(target, {}, { finalizers: ["example.com/held"] });
    await writer.apply(target, held, APPLY, testCall);
    expect(await remove({ uid })).toBe("terminating");
    await writer.apply(target, configMap(target, {}), APPLY, testCall);
    expect(await remove({ uid })).toBe("absent");
  });

  it("says which kind of refusal it is: the object, its namespace, its type, or our rights", async () => {
    const { writer, target, server, namespace } = await open();
    const badName = { ...target, name: "Not_A_Name" };
    const apply = (to: WriteTarget, object: JsonObject) => writer.apply(to, object, APPLY, testCall);
    await expect(apply(badName, configMap(badName, {}))).rejects.toMatchObject({ kind: "refused", status: 422 });
    await expect(apply(target, { ...configMap(target, {}), unknownField: 1 })).rejects.toMatchObject({
      kind: "refused",
      problem: expect.stringContaining("unknownField"),
    });
    const nowhere = { ...target, namespace: "nowhere" };
    await expect(apply(nowhere, configMap(nowhere, {}))).rejects.toMatchObject({ kind: "not-found" });
    const widget = { type: { ...configMaps, group: "example.com", resource: "widgets" }, namespace, name: "a" };
    await expect(writer.read(widget, testCall)).rejects.toMatchObject({ kind: "not-found", absent: undefined });

    await server.request("DELETE", `/api/v1/namespaces/${namespace}`);
    await expect(apply(target, configMap(target, {}))).rejects.toMatchObject({ kind: "terminating", status: 403 });

    const stranger = openTestWriter({ kubeconfig: await server.kubeconfigFor("stranger") });
    await expect(stranger.apply(target, configMap(target, {}), APPLY, testCall)).rejects.toMatchObject({
      kind: "forbidden",
      next: expect.stringContaining(`kubectl auth can-i patch configmaps --namespace ${namespace}`),
    });
  });

  it("repeats no value of a Secret that is refused", async () => {
    const { writer, namespace } = await open();
    const type = { ...configMaps, resource: "secrets", kind: "Secret" };
    const target = { type, namespace, name: "login" };
    const metadata = { name: "login", namespace, labels: { token: "hunter2 hunter2" } };
    const error = await writer
      .apply(target, { apiVersion: "v1", kind: "Secret", metadata }, APPLY, testCall)
      .catch((caught: Error) => caught);
    expect(error).toMatchObject({ kind: "refused", message: expect.not.stringContaining("hunter2") });
  });
});

async function open() {
  const server = await servers.kubeApi();
  const namespace = await server.freshNamespace();
  const writer = openTestWriter({ kubeconfig: server.kubeconfig });
  return { server, namespace, writer, target: { type: configMaps, namespace, name: "one" } };
}

function configMap({ namespace, name }: WriteTarget, data: JsonObject, more: JsonObject = {}): JsonObject {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace: namespace ?? "", ...more }, data };
}

function metadata(object: JsonObject | undefined): JsonObject {
  return (object?.metadata ?? {}) as JsonObject;
}
