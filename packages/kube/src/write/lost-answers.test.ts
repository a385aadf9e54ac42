import { describe, expect, it } from "vitest";
import { sendJson, sendStatus, startFaultyApi } from "../testing/faulty-api.ts";
import { openTestWriter } from "../testing/test-api.ts";
import { testCall } from "../testing/test-call.ts";

const type = { group: "", version: "v1", resource: "configmaps", kind: "ConfigMap", namespaced: true };
const target = { type, namespace: "shop", name: "web" };
const stored = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "web", uid: "u-1", resourceVersion: "8" } };

describe("writing to a server that loses answers", () => {
  it("sends an apply again when the connection broke before the answer", async () => {
    const { kubeconfig, asked } = await startFaultyApi((_, response, number) => {
      if (number === 1) response.destroy();
      else sendJson(response, 200, stored);
    });
    const written = await openTestWriter({ kubeconfig }).apply(target, {}, { dryRun: false, force: true }, testCall);
    expect(written).toMatchObject({ uid: "u-1", resourceVersion: "8", created: false });
    expect(asked[1]?.query.get("force")).toBe("true");
    expect(asked[1]?.headers["content-type"]).toBe("application/apply-patch+yaml");
  });

  it("counts a removal whose first answer was lost as removed or gone, never as failed", async () => {
    const { kubeconfig } = await startFaultyApi((_, response, number) => {
      if (number === 1) response.destroy();
      else sendJson(response, 404, { kind: "Status", reason: "NotFound", message: "gone", details: { name: "web" } });
    });
    const request = { dryRun: false, precondition: { uid: "u-1" } };
    expect(await openTestWriter({ kubeconfig }).remove(target, request, testCall)).toBe("absent");
  });

  it("does not try a webhook that does not answer again for every object", async () => {
    const message = 'Internal error occurred: failed calling webhook "check.example.com": connection refused';
    const { kubeconfig, asked } = await startFaultyApi((_, response) =>
      sendStatus(response, 500, { reason: "InternalError", message }),
    );
    const applied = openTestWriter({ kubeconfig }).apply(target, {}, { dryRun: false, force: false }, testCall);
    await expect(applied).rejects.toMatchObject({ kind: "refused", problem: expect.stringContaining(message) });
    expect(asked).toHaveLength(1);
  });

  it("takes the whole object where a server has no metadata alone", async () => {
    const { kubeconfig, asked } = await startFaultyApi((_, response) => sendJson(response, 201, stored));
    const request = { dryRun: true, force: true, answer: "metadata" } as const;
    const written = await openTestWriter({ kubeconfig }).apply(target, {}, request, testCall);
    expect(written).toMatchObject({ uid: "u-1", created: true });
    const [first, ...others] = String(asked[0]?.headers.accept).split(",");
    expect(first).toContain("as=PartialObjectMetadata;");
    expect(others).toEqual(["application/json"]);
  });

  it("hands on the API server's warnings in its own words", async () => {
    const { kubeconfig } = await startFaultyApi((_, response) =>
      sendJson(response, 200, stored, { warning: '299 - "policy/v1beta1 is \\"old\\"", 299 - "unused, too"' }),
    );
    const written = await openTestWriter({ kubeconfig }).apply(target, {}, { dryRun: true, force: false }, testCall);
    expect(written.warnings).toEqual(['policy/v1beta1 is "old"', "unused, too"]);
  });
});
