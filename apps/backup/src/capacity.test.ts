import { describe, expect, it } from "vitest";
import { capacityOf } from "./capacity.ts";

const MIB = 2 ** 20;
const ordinary = { pageSize: 500, concurrency: 4, requestTimeoutMs: 60_000 };

describe("what a run does at a time", () => {
  it.each([
    [{}, { types: 4, uploads: 8, files: 50 }],
    [{ memoryBytes: 2048 * MIB }, { types: 4, uploads: 8, files: 50 }],
    [{ memoryBytes: 256 * MIB }, { types: 4, uploads: 8, files: 8 }],
    [{ memoryBytes: 192 * MIB }, { types: 2, uploads: 4, files: 4 }],
    [{ memoryBytes: 64 * MIB }, { types: 1, uploads: 1, files: 1 }],
    [{ cpu: 1 }, { types: 2, uploads: 4, files: 50 }],
    [{ cpu: 0.25 }, { types: 1, uploads: 1, files: 50 }],
  ])("with limits %j: %j", (limits, expected) => {
    expect(capacityOf({ limits, kubernetes: ordinary, batchSize: 50 })).toEqual(expected);
  });

  it("is never more than the configuration says elsewhere", () => {
    const config = { limits: { memoryBytes: 8192 * MIB, cpu: 16 }, kubernetes: { ...ordinary, concurrency: 2 } };
    expect(capacityOf({ ...config, batchSize: 3 })).toEqual({ types: 2, uploads: 3, files: 3 });
  });
});
