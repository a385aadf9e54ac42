import type { JsonObject } from "@kubeferry/model";
import { describe, expect, it } from "vitest";
import { jobOf } from "./job-of.ts";

const TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

function cronJob(name = "kubeferry-gitops", env: JsonObject[] = []): JsonObject {
  const containers = [{ name: "gitops", image: "kubeferry", env }];
  return {
    apiVersion: "batch/v1",
    kind: "CronJob",
    metadata: { name, namespace: "ops", uid: "7c1f", labels: { of: "the CronJob" } },
    spec: {
      schedule: "0 5 * * *",
      jobTemplate: {
        metadata: { labels: { app: "kubeferry" }, annotations: { team: "platform" } },
        spec: { backoffLimit: 1, template: { spec: { restartPolicy: "Never", containers } } },
      },
    },
  };
}

describe("the Job that is made of a CronJob", () => {
  it("is the one that kubectl makes, with a label by which it is found and the trace of the backup", () => {
    expect(jobOf(cronJob(), { id: "run 42", traceparent: TRACE })).toEqual({
      apiVersion: "batch/v1",
      kind: "Job",
      metadata: {
        name: expect.stringMatching(/^kubeferry-gitops-[0-9a-f]{10}$/),
        labels: { app: "kubeferry", "kubeferry.io/announced-to": "kubeferry-gitops" },
        annotations: { team: "platform", "cronjob.kubernetes.io/instantiate": "manual" },
        ownerReferences: [
          { apiVersion: "batch/v1", kind: "CronJob", name: "kubeferry-gitops", uid: "7c1f", controller: true },
        ],
      },
      spec: {
        backoffLimit: 1,
        template: {
          spec: {
            restartPolicy: "Never",
            containers: [{ name: "gitops", image: "kubeferry", env: [{ name: "TRACEPARENT", value: TRACE }] }],
          },
        },
      },
    });
  });

  it("has a name that depends on the announcement alone, and fits into a label", () => {
    const longest = cronJob(`${"a".repeat(51)}b`);
    const name = (id: string) => (jobOf(longest, { id, traceparent: undefined }).metadata as JsonObject).name;
    expect(name("run 42")).toBe(name("run 42"));
    expect(name("run 42")).not.toBe(name("run 43"));
    expect(String(name("run 42"))).toHaveLength(63);
  });

  it("has one trace, whatever the template says of another", () => {
    const env = [
      { name: "TRACEPARENT", value: "old" },
      { name: "LOG_LEVEL", value: "debug" },
    ];
    expect(JSON.stringify(jobOf(cronJob("g", env), { id: "a", traceparent: TRACE }).spec)).toContain(
      JSON.stringify([env[1], { name: "TRACEPARENT", value: TRACE }]),
    );
  });

  it("is not made of something else", () => {
    expect(() => jobOf({ kind: "Status" }, { id: "a", traceparent: undefined })).toThrow("is no CronJob");
  });
});
