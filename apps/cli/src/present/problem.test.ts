import { KubeferryError, Secret } from "@kubeferry/model";
import { redact } from "@kubeferry/telemetry";
import { afterEach, describe, expect, it, vi } from "vitest";
import { check } from "../doctor/check.ts";
import { problemText, reportProblem } from "./problem.ts";

class TestError extends KubeferryError<"denied"> {}

const PASSWORD = "planted-in-a-problem-1";
redact(new Secret(PASSWORD));

describe("an error on its way to people", () => {
  afterEach(() => vi.restoreAllMocks());

  it("is one line, whatever name is in it", () => {
    const written: string[] = [];
    vi.spyOn(process.stderr, "write").mockImplementation((text) => written.push(String(text)) > 0);
    const problem = "the store holds several: a\nstopped by SIGTERM\u009b2J, b";
    reportProblem(new TestError({ kind: "denied", who: "gitops", operation: "find", problem }), undefined);
    expect(written).toEqual([
      "gitops: find: denied: the store holds several: a\\u000astopped by SIGTERM\\u009b2J, b\n",
    ]);
  });

  it.each([
    ["one of ours", new TestError({ kind: "denied", who: "s3", operation: "put a", problem: `no key ${PASSWORD}` })],
    ["one that nobody expected, with its trace", new Error(`connect to https://user:${PASSWORD}@host failed`)],
    ["a thrown text", `token ${PASSWORD}`],
  ])("holds no secret of the configuration: %s", async (_name, error) => {
    const written: string[] = [];
    vi.spyOn(process.stderr, "write").mockImplementation((text) => written.push(String(text)) > 0);
    expect(reportProblem(error, undefined)).toBe(2);
    const finding = await check("store", "look", () => Promise.reject(error));
    for (const text of [written.join(""), problemText(error), finding.detail]) {
      expect(text).toContain("***");
      expect(text).not.toContain(PASSWORD);
    }
  });
});
