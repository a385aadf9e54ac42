import { createCleaner } from "@kubeferry/clean";
import { secret, typeOf, withMetadata } from "@kubeferry/test-fleet";
import { describe, expect, it } from "vitest";
import { cleanSecret } from "./clean-secret.ts";

const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

describe("a Secret on its way into Git", () => {
  it("drops kubectl's copy of its input although the cleaning rule is switched off", () => {
    const applied = JSON.stringify({ kind: "Secret", stringData: { password: "the-one-before" } });
    const live = withMetadata(secret("shop/db", { password: "Tr0ub4dor" }), {
      annotations: { [LAST_APPLIED]: applied },
    });
    const cleaner = createCleaner({ disable: ["last-applied"] });
    expect(cleanSecret(live, typeOf(live), cleaner, () => false).annotations).toEqual({});
  });

  it("drops labels and annotations that repeat one of its values, or another Secret's, and keeps the others", () => {
    const live = withMetadata(secret("shop/db", { password: "Tr0ub4dor-and-more" }), {
      labels: { team: "shop", copy: "Tr0ub4dor-and-more" },
      annotations: {
        note: "rotated by hand",
        copy: `it is ${Buffer.from("Tr0ub4dor-and-more").toString("base64")}`,
        other: "another Secret's value",
      },
    });
    const clean = cleanSecret(live, typeOf(live), createCleaner(), (text) => text.startsWith("another"));
    expect(clean).toMatchObject({ labels: { team: "shop" }, annotations: { note: "rotated by hand" } });
    expect(Object.keys({ ...clean.labels, ...clean.annotations })).toEqual(["team", "note"]);
  });
});
