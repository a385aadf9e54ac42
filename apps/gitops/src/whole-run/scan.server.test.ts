import { configMap, namespace } from "@kubeferry/test-fleet";
import { missingServers } from "@kubeferry/testbed";
import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createFleet, type Fleet } from "../testing/fleet.ts";

const BRANCH = "kubeferry/main";
const SETTINGS = "namespaces/shop/base/configmap-settings.yaml";
/** Put together so that no scanner takes this file for a leak. */
const TOKEN = `ghp_${"a1B2".repeat(9)}`;
const REASON = "the password of the demonstration";

describe.skipIf(missingServers("gitea"))("what looks like a credential", () => {
  let fleet: Fleet;
  beforeEach(async () => {
    fleet = await createFleet("gitea");
  });
  afterEach(() => fleet.close());

  it("keeps its object out of Git, names the field and not the value, and lets in what is allowed with its reason", {
    timeout: 120_000,
  }, async () => {
    await fleet.snapshot([
      namespace("shop"),
      configMap("shop/settings", { DEMO_PASSWORD: "Tr0ub4dor" }),
      configMap("shop/other", { DB_PASSWORD: "hunter2-of-shop" }),
    ]);
    const allow = [
      { object: "ConfigMap shop/settings", field: "/data/DEMO_PASSWORD", reason: REASON },
      { object: "ConfigMap shop/gone", reason: "it was here once" },
    ];
    const report = await fleet.run({ gitops: { scan: { allow } } });
    expect(report.blocked).toEqual([
      {
        object: "ConfigMap shop/other",
        reason:
          "it looks like it holds a credential: /data/DB_PASSWORD (a credential by its name); gitops.scan.allow lets it in, with a reason",
      },
    ]);
    expect((await fleet.files(BRANCH))[SETTINGS]).toContain("Tr0ub4dor");
    const [request] = (await fleet.api("GET", "/pulls?state=open")) as readonly { readonly body: string }[];
    expect(request?.body).toContain(`- \`ConfigMap shop/settings /data/DEMO_PASSWORD\`: ${REASON}`);
    expect(request?.body).toContain('gitops.scan.allow: "ConfigMap shop/gone" allows nothing');
    expect(request?.body).not.toContain("hunter2-of-shop");
  });

  it("that was encrypted in the backup and can be opened stays out as well, unless it is allowed", {
    timeout: 120_000,
  }, async () => {
    const identity = await generateX25519Identity();
    const settings = configMap("shop/settings", { "ci.sh": `git clone https://x:${TOKEN}@git.example.com/` });
    await fleet.snapshot([namespace("shop"), settings], { sealTo: await identityToRecipient(identity) });
    const config = { encryption: { identities: [identity] } };
    expect((await fleet.run({ config })).blocked).toMatchObject([{ object: "ConfigMap shop/settings" }]);
    expect(Object.keys(await fleet.files(BRANCH))).not.toContain(SETTINGS);
    const allow = [{ object: "ConfigMap shop/*", reason: "it expired long ago" }];
    expect((await fleet.run({ config, gitops: { scan: { allow } } })).blocked).toEqual([]);
    expect((await fleet.files(BRANCH))[SETTINGS]).toContain(TOKEN);
  });
});
