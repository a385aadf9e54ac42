import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkedSegment, toSegment } from "./identity-segment.ts";

describe("names and domains as folders of a bucket", () => {
  it.each(["wrl62", "crc.testing", "production-east", "company.local", "team_a", "7"])(
    "takes %s as configured",
    (value) => {
      expect(checkedSegment("name", value)).toBe(value);
    },
  );

  it.each(["", ".", "..", "a..b", "_lease", "-a", "a/b", "a b", "Prod", "é", "a.", "x".repeat(201)])(
    "refuses a configured %j",
    (value) => {
      expect(() => checkedSegment("domain", value)).toThrow(/^kube: identify the cluster: config: cluster\.domain /);
    },
  );

  it("proposes what would do", () => {
    expect(() => checkedSegment("name", "Prod East")).toThrow(
      'kube: identify the cluster: config: cluster.name "Prod East" cannot be a folder of the bucket; use lower-case letters, digits, dots and dashes: "prod-east"',
    );
  });

  it("makes any found text a usable folder, or nothing of it", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (found) => {
        const segment = toSegment(found);
        if (segment !== undefined) expect(checkedSegment("name", segment)).toBe(segment);
      }),
    );
    expect([toSegment("../x"), toSegment("A_B"), toSegment("…")]).toEqual(["x", "a_b", undefined]);
  });
});
