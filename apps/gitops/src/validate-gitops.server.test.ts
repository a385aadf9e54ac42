import { configMap, namespace, testCall } from "@kubeferry/test-fleet";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createFleet, type Fleet } from "./testing/fleet.ts";
import { validateGitOps } from "./validate-gitops.ts";

describe("validating without a run", () => {
  let fleet: Fleet;
  beforeAll(async () => {
    fleet = await createFleet("folder");
    const deep = JSON.parse("[".repeat(120) + "]".repeat(120));
    await fleet.snapshot([namespace("shop"), configMap("shop/ok"), { ...configMap("shop/deep"), data: deep }]);
  });
  afterAll(() => fleet.close());

  it("finds what a run finds, and leaves the repository alone", { timeout: 60_000 }, async () => {
    const gitops = { validation: { schema: "off" } };
    const config = await fleet.configure({ gitops });
    const before = await fleet.tip("main");
    const report = await validateGitOps({ config, store: fleet.store }, testCall);
    expect(report).toMatchObject({
      stage: "validate",
      status: "partial",
      snapshot: "crc.testing/wrl62/_snapshots/default/0000000001.json",
      validation: { errors: 1, findings: [{ severity: "error", rule: "nesting", object: "ConfigMap shop/deep" }] },
      blocked: [{ object: "ConfigMap shop/deep" }],
    });
    expect([await fleet.tip("main"), await fleet.tip("kubeferry/main")]).toEqual([before, ""]);
    const run = await fleet.run({ gitops });
    expect(run.validation).toEqual(report.validation);
    expect(run.blocked).toEqual(report.blocked);
  });

  it("says that it is complete where nothing is wrong", { timeout: 60_000 }, async () => {
    await fleet.snapshot([namespace("shop"), configMap("shop/ok")]);
    const config = await fleet.configure({ gitops: { validation: { schema: "off" } } });
    const report = await validateGitOps({ config, store: fleet.store }, testCall);
    expect(report).toMatchObject({ status: "complete", objects: 2, blocked: [], validation: { errors: 0 } });
  });
});
