import type { GitOpsReport } from "@kubeferry/model";
import { loadConfig } from "@kubeferry/shared-config";
import { expect, it } from "vitest";
import { failedGitOps } from "../stages/failed-reports.ts";
import { testCall } from "../testing/call.ts";
import { writeConfig } from "../testing/workspace.ts";
import { createGitOpsRecorder } from "./gitops-recorder.ts";

const CREDENTIAL = "it looks like it holds a credential";

it("objects that are blocked for a credential are counted by themselves, each once", async () => {
  const file = await writeConfig({
    store: { type: "folder", path: "/nowhere" },
    gitops: { namespaces: ["shop"], repository: { url: "https://git.example.com/acme/fleet.git" } },
  });
  const { config } = await loadConfig({ files: [file], env: {} });
  const blocked = [
    { object: "ConfigMap shop/settings", reason: `${CREDENTIAL}: /data/key` },
    { object: "ConfigMap shop/settings", reason: `${CREDENTIAL}: /data/token` },
    { object: "ConfigMap shop/odd", reason: "it holds a character that kustomize changes" },
  ];
  const report: GitOpsReport = { ...failedGitOps(undefined), status: "partial", blocked };
  const recorder = createGitOpsRecorder(config, testCall, { pushes: false });
  await recorder.follow(async () => report);
  expect(recorder.sample()).toMatchObject({ blockedObjects: 3, blockedSecrets: 1 });
});
