import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadConfig } from "@kubeferry/shared-config";
import { expect, it } from "vitest";
import { configTemplate } from "./template.ts";

it("has a section for stage 2 that is valid once its marks are taken away", async () => {
  const answers = {
    store: { type: "folder", path: "/backups" },
    clusterName: "east",
    clusterDomain: "example.com",
    secrets: "withhold",
    signing: false,
    webhook: false,
  } as const;
  const keys = { identityFile: "./identity.txt", signingKeyFile: "./signing-key.pem" };
  const [before = "", stage2 = ""] = configTemplate(answers, keys).split(/^(?=# gitops:)/m);
  const file = join(await mkdtemp(join(tmpdir(), "kubeferry-")), "kubeferry.yaml");
  await writeFile(file, before + stage2.replace(/^# /gm, ""));

  const { config } = await loadConfig({ files: [file], env: { GIT_TOKEN: "token-of-a-bot" } });

  expect(config.gitops).toMatchObject({
    namespaces: ["shop", "team-*"],
    environments: { dev: {}, prod: { destination: { server: "https://kubernetes.default.svc" } } },
    secrets: { mode: "omit" },
    layout: "namespaces",
  });
});
