import { createFindings, type FolderPlan, NO_EFFECTS } from "@kubeferry/layout";
import { expect, it } from "vitest";
import { unknownNamespaces } from "./unknown-namespaces.ts";

it("a namespace that neither the snapshot nor Git has is named, and one that only Git has is not", () => {
  const findings = createFindings(["prod"]);
  findings.take("namespaces/shop");
  const newer: FolderPlan = {
    folder: "namespaces/newer",
    changes: { added: [], changed: [], removed: [] },
    effects: NO_EFFECTS,
    wanted: new Map(),
    kept: 0,
    warnings: [],
  };
  const unknown = unknownNamespaces({ namespaces: ["shop", "sh*", "newer", "shpo"] }, findings, { folders: [newer] });
  expect(unknown).toEqual(["shpo"]);
});
