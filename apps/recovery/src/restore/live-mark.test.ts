import { createCleaner } from "@kubeferry/clean";
import type { JsonObject } from "@kubeferry/model";
import { describe, expect, it } from "vitest";
import { liveMark } from "./live-mark.ts";

const cleaner = createCleaner();
const mark = (kind: string, resource: string, version: string, more: JsonObject) =>
  liveMark(
    {
      apiVersion: "v1",
      kind,
      metadata: { name: "x", namespace: "shop", uid: "u-1", resourceVersion: version },
      ...more,
    },
    { group: "", version: "v1", resource, kind, namespace: "shop", name: "x" },
    cleaner,
  );

describe("the mark of an object in the target", () => {
  it("stays while only its status and version move, and moves with its content", () => {
    const before = mark("Service", "services", "1", { spec: { ports: [{ port: 80 }] }, status: {} });
    expect(mark("Service", "services", "2", { spec: { ports: [{ port: 80 }] }, status: { ready: true } })).toEqual(
      before,
    );
    expect(mark("Service", "services", "2", { spec: { ports: [{ port: 81 }] }, status: {} })).not.toEqual(before);
  });

  it("of a Secret tells nothing of its values, and moves with every write", () => {
    const before = mark("Secret", "secrets", "1", { data: { pin: "MTIzNA==" } });
    expect(mark("Secret", "secrets", "1", { data: { pin: "NDMyMQ==" } })).toEqual(before);
    expect(mark("Secret", "secrets", "2", { data: { pin: "MTIzNA==" } })).not.toEqual(before);
  });
});
