import { describe, expect, it } from "vitest";
import { gitopsOf } from "./index.ts";
import { loadTexts } from "./testing/load-yaml.ts";

const FOLDER = "store: { type: folder, path: /backups }\n";

describe("gitopsOf", () => {
  it("gives the section", async () => {
    const { config } = await loadTexts([`${FOLDER}gitops: { namespaces: [a], repository: { url: /r.git } }\n`]);
    expect(gitopsOf(config).namespaces).toEqual(["a"]);
    expect(Object.keys(gitopsOf(config).environments)).toEqual(["dev", "test", "preprod", "prod"]);
  });

  it("says what to write when a command needs it and it is not there", async () => {
    const { config } = await loadTexts([FOLDER]);
    expect(() => gitopsOf(config)).toThrow(/^config: 1 problem: gitops: missing; .*namespaces: \["shop"\]/);
  });

  it("asks for the namespaces only when a command needs them", async () => {
    const { config } = await loadTexts([`${FOLDER}gitops: { repository: { url: /r.git } }\n`]);
    expect(() => gitopsOf(config)).toThrow(
      'config: 1 problem: gitops.namespaces: missing; write the namespaces to adopt into Git: gitops.namespaces: ["shop", "team-*"], or ["*"] for all',
    );
  });
});
