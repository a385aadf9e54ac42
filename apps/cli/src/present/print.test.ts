import { afterEach, describe, expect, it, vi } from "vitest";
import { note, print, printJson } from "./print.ts";

describe("what is printed", () => {
  afterEach(() => vi.restoreAllMocks());

  it("shows control characters of strangers' names instead of obeying them", () => {
    const out: string[] = [];
    const err: string[] = [];
    vi.spyOn(process.stdout, "write").mockImplementation((text) => out.push(String(text)) > 0);
    vi.spyOn(process.stderr, "write").mockImplementation((text) => err.push(String(text)) > 0);
    print("a\u001b[2Jb\rc\u009b\u202ed\nnext – ✓");
    note("x\u0007y");
    printJson({ name: "\u009b1m\u001b" });
    expect(out[0]).toBe("a\\u001b[2Jb\\u000dc\\u009b\\u202ed\nnext – ✓\n");
    expect(err).toEqual(["x\\u0007y\n"]);
    expect(out[1]).toBe('{\n  "name": "\\u009b1m\\u001b"\n}\n');
    expect(JSON.parse(out[1] ?? "")).toEqual({ name: "\u009b1m\u001b" });
  });
});
