import { describe, expect, it } from "vitest";
import { formatMessage } from "./commit-message.ts";

describe("a commit's message", () => {
  it("has subject, body and trailers apart, and leaves out an empty body", () => {
    const trailers = { "Kubeferry-Snapshot": "42", "Kubeferry-Run": "r1" };
    expect(formatMessage({ subject: "Update", body: "\n# 3 objects\n", trailers })).toBe(
      "Update\n\n# 3 objects\n\nKubeferry-Snapshot: 42\nKubeferry-Run: r1\n",
    );
    expect(formatMessage({ subject: "Update", body: "", trailers: {} })).toBe("Update\n");
  });

  it.each([
    [{ subject: "two\nlines", body: "", trailers: {} }, "the subject has more than one line"],
    [{ subject: " ", body: "", trailers: {} }, "the subject is empty"],
    [{ subject: "x", body: "a\0b", trailers: {} }, "the body holds a NUL character"],
    [
      { subject: "x", body: `A: 1\n# ${"-".repeat(24)} >8 ${"-".repeat(24)}\nb`, trailers: { A: "2" } },
      "the body holds the line at which git stops reading",
    ],
    [{ subject: "x", body: "", trailers: { "Signed off": "a" } }, '"Signed off" is no name for a trailer'],
    [{ subject: "x", body: "", trailers: { A: "1\nB: 2" } }, "the trailer A has more than one line"],
  ])("is refused where git would read it back as something else: %j", (message, problem) => {
    expect(() => formatMessage(message)).toThrow(problem);
  });
});
