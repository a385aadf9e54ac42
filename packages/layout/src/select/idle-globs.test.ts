import { expect, it } from "vitest";
import { createFindings } from "../findings.ts";
import { warnOfIdleGlobs } from "./idle-globs.ts";

it("says which names and globs adopted nothing, and is silent about those that did", () => {
  const findings = createFindings();
  findings.take("namespaces/shop");
  const ref = { group: "", resource: "pods", kind: "Pod", namespace: "team-a", name: "x" };
  findings.leaveOut("namespaces/team-a", "Helm", ref);
  warnOfIdleGlobs(["shop", "team-*", "shpo", "prod-?"], findings);
  expect(findings.warnings).toEqual([
    'gitops.namespaces: "shpo" matches no namespace of the snapshot that can be adopted',
    'gitops.namespaces: "prod-?" matches no namespace of the snapshot that can be adopted',
  ]);
});
