import type { JsonObject, ResourceType } from "@kubeferry/model";
import { describe, expect, it } from "vitest";
import { createTable } from "./create-table.ts";

const now = new Date("2026-01-01T12:00:00Z");

function typeOf(group: string, kind: string, version = "v1"): ResourceType {
  return { group, version, kind, resource: `${kind.toLowerCase()}s`, namespaced: true, verbs: ["list"] };
}

const pod: JsonObject = {
  metadata: { name: "web", creationTimestamp: "2026-01-01T11:00:00Z" },
  spec: {
    initContainers: [{ name: "proxy", restartPolicy: "Always" }, { name: "migrate" }],
    containers: [{ name: "web" }],
  },
  status: {
    phase: "Running",
    initContainerStatuses: [
      { name: "proxy", started: true, ready: true, restartCount: 0, state: { running: {} } },
      { name: "migrate", ready: true, restartCount: 9, state: { terminated: { exitCode: 0, reason: "Completed" } } },
    ],
    containerStatuses: [
      {
        name: "web",
        ready: false,
        restartCount: 3,
        state: { waiting: { reason: "CrashLoopBackOff" } },
        lastState: { terminated: { exitCode: 1, finishedAt: "2026-01-01T11:55:00Z" } },
      },
    ],
  },
};

const crd: JsonObject = {
  spec: {
    versions: [
      {
        name: "v1",
        additionalPrinterColumns: [
          { name: "Ready", type: "string", jsonPath: '.status.conditions[?(@.type=="Ready")].status' },
          { name: "Replicas", type: "integer", jsonPath: ".spec.replicas", priority: 1 },
          { name: "Broken", type: "string", jsonPath: '.spec["a"]' },
          { name: "Behind", type: "string", jsonPath: ".spec.a" },
        ],
      },
      { name: "v2" },
    ],
  },
};

describe("a table", () => {
  it("shows a crashing Pod with its sidecar, and when it ended last", () => {
    const { columnDefinitions, rowOf } = createTable(typeOf("", "Pod"), { now, includeObject: "None" });
    const always = columnDefinitions.filter(({ priority }) => priority === 0).map(({ name }) => name);
    expect(always).toEqual(["Name", "Ready", "Status", "Restarts", "Age"]);
    expect(rowOf(pod)).toEqual({
      cells: ["web", "1/2", "CrashLoopBackOff", "3 (5m ago)", "60m", "<none>", "<none>", "<none>", "<none>"],
      object: null,
    });
  });

  it("says of a Pod that has run to its end that it is completed", () => {
    const done = { ...pod, status: { phase: "Succeeded" } };
    expect(createTable(typeOf("", "Pod"), { now, includeObject: "None" }).rowOf(done).conditions).toEqual([
      { type: "Completed", status: "True", reason: "Succeeded", message: "The pod has completed successfully." },
    ]);
  });

  it("carries nothing of an object but its metadata when that is what is asked for", () => {
    const secret = { metadata: { name: "key" }, type: "Opaque", data: { password: "aHVudGVyMg==" } };
    expect(createTable(typeOf("", "Secret"), { now, includeObject: "Metadata" }).rowOf(secret)).toEqual({
      cells: ["key", "Opaque", 1, "<unknown>"],
      object: { kind: "PartialObjectMetadata", apiVersion: "meta.k8s.io/v1", metadata: { name: "key" } },
    });
  });

  it("shows a custom resource in its definition's columns, up to the first that cannot be read", () => {
    const { columnDefinitions, rowOf } = createTable(typeOf("a.example", "Widget"), {
      crd,
      now,
      includeObject: "None",
    });
    expect(columnDefinitions.map(({ name, priority }) => `${name} ${priority}`)).toEqual([
      "Name 0",
      "Ready 0",
      "Replicas 1",
    ]);
    const conditions = [{ type: "Other" }, { type: "Ready", status: "True" }];
    expect(rowOf({ metadata: { name: "a" }, spec: { replicas: 2 }, status: { conditions } }).cells).toEqual([
      "a",
      "True",
      2,
    ]);
    expect(rowOf({ metadata: { name: "b" } }).cells).toEqual(["b", null, null]);
  });

  it("shows the age of a custom resource whose version names no columns", () => {
    const { rowOf } = createTable(typeOf("a.example", "Widget", "v2"), { crd, now, includeObject: "None" });
    expect(rowOf({ metadata: { name: "a", creationTimestamp: "2025-12-30T12:00:00Z" } }).cells).toEqual(["a", "2d"]);
  });

  it("shows name and creation of a type that is nobody's it knows", () => {
    const { columnDefinitions, rowOf } = createTable(typeOf("metrics.example", "Sample"), {
      now,
      includeObject: "None",
    });
    expect(columnDefinitions.map(({ name }) => name)).toEqual(["Name", "Created At"]);
    const metadata = { name: "a", creationTimestamp: "2025-12-30T12:00:00Z" };
    expect(rowOf({ metadata }).cells).toEqual(["a", "2025-12-30T12:00:00Z"]);
  });
});
