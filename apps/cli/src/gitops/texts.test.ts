import type { SummaryReport } from "@kubeferry/model";
import { expect, it } from "vitest";
import { describeExplanation } from "./explanation-text.ts";
import { describeSummary } from "./summary-text.ts";

const BROKEN = { object: "Role shop/a\n  environment prod: all is well", reason: "broken" };
const SHOWN = "Role shop/a\\u000a  environment prod: all is well";

it("an explanation gives a name with line ends no line of its own", () => {
  const field = { field: "/spec/replicas", before: "1\n2", after: "3", from: "gitops.environments.dev", origin: null };
  const text = describeExplanation({
    namespace: "shop",
    notAdopted: null,
    snapshots: ["crc.testing/wrl62/1"],
    objects: [],
    leftOut: {},
    blocked: [BROKEN],
    secrets: { mode: "omit", names: [] },
    environments: [
      {
        environment: "dev",
        source: "crc.testing/wrl62",
        namespace: "shop",
        noOverrides: null,
        leftOut: [],
        applications: [],
        autoSync: false,
        changes: [{ object: "Deployment shop/web", fields: [field] }],
      },
    ],
  });
  expect(text.split("\n")).toEqual([
    "shop, from crc.testing/wrl62/1",
    "in Git: 0 objects",
    `left out: ${SHOWN}: broken`,
    "",
    "dev, made from crc.testing/wrl62; namespace shop",
    "  no Application: it has no destination",
    "  1 object changed by overrides",
    "  Deployment shop/web",
    "    /spec/replicas  1\\u000a2 -> 3  gitops.environments.dev",
  ]);
});

it("a summary gives a name with line ends no line of its own", () => {
  const report: SummaryReport = {
    stage: "summary",
    status: "partial",
    snapshots: [],
    environments: [],
    folders: [],
    parameters: [{ name: "host", configured: false, values: { dev: "a\nb" }, places: 1, objects: 1, partly: 0 }],
    differences: [{ folder: "namespaces/shop", object: BROKEN.object, places: 2, paths: ["/data/a\nb"] }],
    unread: [],
    blocked: [BROKEN],
  };
  const lines = describeSummary(report).split("\n");
  expect(lines).toContain(`  ${SHOWN}: 2 places`);
  expect(lines).toContain("    /data/a\\u000ab");
  expect(lines).toContain(`  ${SHOWN}: broken`);
  expect(lines.some((line) => line.startsWith("  environment"))).toBe(false);
});
