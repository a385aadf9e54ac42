import { describe, expect, it } from "vitest";
import { strandedFinalizers } from "./finalizers.ts";

const object = (...finalizers: string[]) => ({ metadata: { name: "x", finalizers } });

describe("finalizers that nobody in the target takes off", () => {
  it.each([
    ["example.com/hold", ["apps"], true],
    ["finalizers.example.com/hold", ["example.com"], false],
    ["example.com/hold", ["db.example.com"], false],
    ["example.com", ["example.com"], false],
    ["hold", ["example.com", "apps"], true],
    ["example.com/hold", ["counterexample.com"], true],
    ["kubernetes", [], false],
    ["kubernetes.io/pvc-protection", [], false],
    ["batch.kubernetes.io/job-tracking", [], false],
    ["foregroundDeletion", [], false],
    ["customresourcecleanup.apiextensions.k8s.io", [], false],
    ["external-provisioner.volume.kubernetes.io/finalizer", ["apps"], true],
    ["external-attacher/ebs-csi-aws-com", ["apps"], true],
  ])("%s with the groups %j: %s", (finalizer, groups, stranded) => {
    expect(strandedFinalizers(object(finalizer), new Set(groups))).toEqual(stranded ? [finalizer] : []);
  });
});
