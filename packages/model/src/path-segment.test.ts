import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pathSegment } from "./path-segment.ts";

describe("pathSegment", () => {
  it("leaves an ordinary name alone", () => {
    expect(pathSegment("web-1.example.com")).toBe("web-1.example.com");
  });

  it("encodes a colon, so that no URL and no file system misreads it", () => {
    expect(pathSegment("system:node")).toBe("system%3Anode");
  });

  it("never climbs out: . and .. and hidden names are encoded", () => {
    expect([pathSegment("."), pathSegment(".."), pathSegment(".git")]).toEqual(["%2E", "%2E.", "%2Egit"]);
  });

  it("tells Team from team on a file system that folds case", () => {
    expect(pathSegment("team")).toBe("team");
    expect(pathSegment("Team")).toMatch(/^Team~[0-9a-f]{16}$/);
    expect(pathSegment("Team").toLowerCase()).not.toBe(pathSegment("TEAM").toLowerCase());
  });

  it("ends a name of 253 characters in its hash, within 200 bytes", () => {
    expect(pathSegment("a".repeat(253))).toMatch(/^a{183}~[0-9a-f]{16}$/);
    expect(pathSegment("a".repeat(200))).toBe("a".repeat(200));
  });

  it("gives any two names two segments, also when case is folded, of safe characters only", () => {
    const name = fc.string({ minLength: 1, maxLength: 300, unit: "grapheme" });
    fc.assert(
      fc.property(name, name, (left, right) => {
        const [a, b] = [pathSegment(left), pathSegment(right)];
        expect(a).toMatch(/^[A-Za-z0-9._%~-]{1,200}$/);
        if (left !== right) expect(a.toLowerCase()).not.toBe(b.toLowerCase());
      }),
    );
  });
});
