import { KubeferryError, Secret } from "@kubeferry/model";
import { redact } from "@kubeferry/telemetry";
import { expect, it } from "vitest";
import { failedGitOps } from "../stages/failed-reports.ts";
import { newsOfDrill } from "./news-of-drill.ts";
import { newsOfError } from "./news-of-error.ts";
import { newsOfGitOps } from "./news-of-gitops.ts";
import { newsOfPrune } from "./news-of-prune.ts";
import { problemLines } from "./problem-lines.ts";

class StoreTrouble extends KubeferryError<"config"> {}

const FORGED = "ConfigMap a\n- backup of prod is complete\u001b[2J\u2028\u0085x";

it("a name in a problem begins no line of its own", () => {
  expect(problemLines([`${FORGED}: blocked`])).toEqual(["- ConfigMap a - backup of prod is complete [2J x: blocked"]);
});

it("neither does one in an error", () => {
  const error = new StoreTrouble({ kind: "config", who: "gitops", operation: "find", problem: FORGED });
  expect(newsOfError(error).text).toBe("gitops: find: config: ConfigMap a - backup of prod is complete [2J x");
});

it("a secret of two lines is taken out before they become one", () => {
  redact(new Secret("first-planted\nsecond-planted"));
  expect(problemLines(["sent first-planted\nsecond-planted to it"])).toEqual(["- sent *** to it"]);
});

const DRILL = {
  status: "complete",
  objects: { meant: 12, asMeant: 12, different: 0, withheld: 0, failed: 0, there: 0 },
  differences: [],
  failures: [],
  cleanup: { kept: false, removed: [], left: [] },
} as const;

it("a drill in which all came back is good news", () => {
  expect(newsOfDrill(DRILL, "crc.testing/wrl62")).toEqual({
    outcome: "success",
    title: "restore drill of crc.testing/wrl62 is complete",
    text: "12 of 12 objects came back as meant",
    sameAs: "",
  });
});

it("a drill that was none says what did not come back, what differs and what is left", () => {
  const partial = {
    ...DRILL,
    status: "partial",
    objects: { ...DRILL.objects, asMeant: 10, different: 1, failed: 1 },
    failures: [{ object: "services/drill-shop/web", reason: "denied" }],
    differences: [{ object: "configmaps/drill-shop/a", missing: false, changes: [] }],
    cleanup: { kept: false, removed: [], left: [{ object: "namespaces/drill-shop", because: "it is being removed" }] },
  } as const;
  expect(newsOfDrill(partial, "crc.testing/wrl62")).toEqual({
    outcome: "partial",
    title: "restore drill of crc.testing/wrl62 is partial",
    text: [
      "10 of 12 objects came back as meant",
      "- services/drill-shop/web was not brought back: denied",
      "- configmaps/drill-shop/a differs",
      "- namespaces/drill-shop is left in the cluster: it is being removed",
    ].join("\n"),
    sameAs: "failed, different, left",
  });
});

it("retention that removed nothing because a manifest cannot be read is partial, and the same tomorrow", () => {
  const removed = { snapshots: 0, blobs: 0, bytes: 0 };
  const blocked = [{ key: "_snapshots/default/0000000002.json", problem: "it is no JSON" }];
  expect(newsOfPrune({ removed, blocked, failures: [] }, "crc.testing/wrl62")).toEqual({
    outcome: "partial",
    title: "retention of crc.testing/wrl62 is partial",
    text: [
      "0 snapshots and 0 blobs removed",
      "- nothing is removed while this cannot be read: _snapshots/default/0000000002.json: it is no JSON",
    ].join("\n"),
    sameAs: "blocked",
  });
  expect(newsOfPrune({ removed, blocked: [], failures: [] }, "crc.testing/wrl62")).toMatchObject({
    outcome: "success",
    sameAs: "",
  });
});

it("a run that could not verify an overlay says so, and nothing of folders that it left alone", () => {
  const notVerified = [
    { overlay: "namespaces/shop/prod", because: "beyond-model" as const, reason: "people put Kustomization beside it" },
    { overlay: "namespaces/team", because: "left-alone" as const, reason: "this run leaves the folder as it is" },
  ];
  const verification = { by: "model", overlays: 1, objects: 3, differing: 0, differences: [], notVerified } as const;
  const news = newsOfGitOps({ ...failedGitOps(undefined), status: "partial", verification }, "fleet");
  expect(news).toMatchObject({ outcome: "partial", sameAs: "not-verified" });
  expect(news?.text).toContain("- namespaces/shop/prod is not verified: people put Kustomization beside it");
  expect(news?.text).not.toContain("namespaces/team");
});
