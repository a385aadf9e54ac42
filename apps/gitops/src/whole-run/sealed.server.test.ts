import { configMap, namespace, secret } from "@kubeferry/test-fleet";
import { missingServers } from "@kubeferry/testbed";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createFleet, type Fleet } from "../testing/fleet.ts";

const BRANCH = "kubeferry/main";
const SETTINGS = "namespaces/shop/base/configmap-settings.yaml";
/** The recipient that age's own documentation uses. */
const RECIPIENT = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";
/** Put together so that no scanner takes this file for a leak. */
const TOKEN = `ghp_${"a1B2".repeat(9)}`;

describe.skipIf(missingServers("kustomize"))("a snapshot with encrypted objects", () => {
  let fleet: Fleet;
  beforeEach(async () => {
    fleet = await createFleet("folder");
    await fleet.snapshot([namespace("shop"), configMap("shop/settings"), configMap("shop/other")]);
    await fleet.run();
    await fleet.merge(BRANCH);
  });
  afterEach(() => fleet.close());

  it("keeps in Git what is encrypted now, and says why it is not brought up to date", async () => {
    const settings = configMap("shop/settings", { "ci.sh": `git clone https://x:${TOKEN}@git.example.com/` });
    const other = configMap("shop/other", { greeting: "hello again" });
    await fleet.snapshot([namespace("shop"), settings, other, secret("shop/db", { password: "x" })], {
      sealTo: RECIPIENT,
    });
    const report = await fleet.run();
    expect(report.files).toMatchObject({ removed: 0 });
    expect(report.blocked).toEqual([
      {
        object: "ConfigMap shop/settings",
        reason: "encrypted in this backup, because it looks like it holds a credential",
      },
      {
        object: "Secret shop/db",
        reason:
          "encrypted in this backup; Secrets are not written to Git; namespaces/shop/secrets.todo.md lists what has to be provided",
      },
    ]);
    const files = await fleet.files(BRANCH);
    expect(files[SETTINGS]).toContain("hello");
    expect(files["namespaces/shop/base/configmap-other.yaml"]).toContain("hello again");
    expect(files["namespaces/shop/secrets.todo.md"]).toContain("| `db` | encrypted in the backup |");
    expect(JSON.stringify(files)).not.toContain(TOKEN);
  });

  it("removes what an encrypted snapshot really lacks", async () => {
    await fleet.snapshot([namespace("shop"), configMap("shop/other")], { sealTo: RECIPIENT });
    expect((await fleet.run()).files).toMatchObject({ removed: 1 });
    expect(Object.keys(await fleet.files(BRANCH))).not.toContain(SETTINGS);
  });
});
