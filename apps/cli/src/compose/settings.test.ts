import { loadConfig } from "@kubeferry/shared-config";
import { describe, expect, it } from "vitest";
import { parseSettings } from "./settings.ts";

describe("--set", () => {
  it("gives each key what it takes: names of digits stay names, numbers and truths become such", async () => {
    const flags = parseSettings([
      "cluster.name=2024",
      "kubernetes.context=true",
      "kubernetes.pageSize=250",
      "backup.mirror=false",
      "store.type=folder",
      "store.path=./a=b",
    ]);
    const { config } = await loadConfig({ files: [], env: {}, flags, cwd: "/nowhere" });
    expect(config).toMatchObject({
      cluster: { name: "2024" },
      kubernetes: { context: "true", pageSize: 250 },
      backup: { mirror: { enabled: false } },
      store: { type: "folder", path: "/nowhere/a=b" },
    });
  });

  it.each(["store.bucket", "=x", ""])("refuses %j, and says how it is written", (setting) => {
    expect(() => parseSettings([setting])).toThrow("--set log.level=debug");
  });

  it.each([
    "store.accessKey",
    "store.secretKey",
    "gitops.repository.token",
    "encryption.identities",
    "signing.key",
    "metrics.push.password",
  ])("takes no secret (%s), and does not repeat it", (key) => {
    const refused = () => parseSettings([`${key}=planted-on-the-command-line`]);
    expect(refused).toThrow(key);
    expect(refused).not.toThrow("planted");
  });
});
