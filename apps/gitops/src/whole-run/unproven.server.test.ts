import { configMap, deployment, namespace, secret } from "@kubeferry/test-fleet";
import { missingServers } from "@kubeferry/testbed";
import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createFleet, type Fleet } from "../testing/fleet.ts";

const BRANCH = "kubeferry/main";
const SOURCE = { destination: { server: "https://prod.example.com", cluster: "crc.testing/wrl62" } };
const ELSEWHERE = { destination: { server: "https://dev.example.com", cluster: "crc.testing/elsewhere" } };
const OVERRIDDEN = { ...ELSEWHERE, replicas: 5 };
const MAPPED = { ...OVERRIDDEN, namespace: "{namespace}-dev" };
const SHOP = [namespace("shop"), deployment("shop/web"), configMap("shop/settings")];
const WITHOUT_WEB = [namespace("shop"), configMap("shop/settings")];

describe.skipIf(missingServers("kustomize"))("an object that nothing proves gone", { timeout: 60_000 }, () => {
  let fleet: Fleet;
  beforeEach(async () => {
    fleet = await createFleet("folder");
  });
  afterEach(() => fleet.close());

  const propose = async (gitops: object) => {
    const report = await fleet.run({ gitops, allowRemovals: true });
    if (report.commit !== "") await fleet.merge(BRANCH);
    return report;
  };
  /** In Git it is as configured; then the last full list lacks it, and the newest snapshot has no list at all. */
  const loseSight = async (gitops: object) => {
    await fleet.snapshot(SHOP);
    await propose(gitops);
    await fleet.snapshot(WITHOUT_WEB);
    await fleet.snapshot(WITHOUT_WEB, { unread: ["deployments.apps"] });
  };
  const web = async (environment: string) =>
    (await fleet.build("main", `namespaces/shop/${environment}`))["Deployment web"];

  it("loses its overrides where the environment is deployed to the source cluster now", async () => {
    await loseSight({ environments: { dev: OVERRIDDEN } });
    expect(await web("dev")).toMatchObject({ spec: { replicas: 5 } });
    const gitops = { environments: { dev: { ...SOURCE, replicas: 5 } } };
    await propose(gitops);
    expect(await web("dev")).toMatchObject({ spec: { replicas: 2 } });
    expect(await propose(gitops)).toMatchObject({ commit: "", frozen: [] });
  });

  it("is as the source had it also where that stands in the overlay of another environment alone", async () => {
    await loseSight({ flat: true, environments: { dev: OVERRIDDEN, prod: SOURCE } });
    await propose({ flat: true, environments: { dev: { replicas: 5 }, prod: SOURCE } });
    expect(await web("dev")).toMatchObject({ spec: { replicas: 2 } });
  });

  it("is not in a new environment that would have it otherwise, and stays in the others", async () => {
    await loseSight({ environments: { prod: SOURCE } });
    const gitops = { environments: { prod: SOURCE, dev: MAPPED, test: { destination: { name: "test" } } } };
    await propose(gitops);
    expect(await web("dev")).toBeUndefined();
    expect(await web("prod")).toMatchObject({ spec: { replicas: 2 } });
    expect(await web("test")).toEqual(await web("prod"));
    expect(await propose(gitops)).toMatchObject({ commit: "", frozen: [] });
  });

  it.each([
    ["was overridden and goes to the source cluster now", { dev: OVERRIDDEN }, { dev: { ...SOURCE, replicas: 5 } }],
    ["has another name and another place now", { dev: OVERRIDDEN }, { prod: SOURCE }],
  ])("freezes its folder where its only environment %s", async (_how, before, after) => {
    await loseSight({ flat: true, environments: before });
    const tip = await fleet.files("main");
    const report = await propose({ flat: true, environments: after });
    expect(report).toMatchObject({ status: "partial", frozen: [{ folder: "namespaces/shop" }] });
    expect(report.warnings.join("\n")).toMatch(
      /^namespaces\/shop: Deployment shop\/web is in .*; this run does not read it/m,
    );
    const shop = (files: Readonly<Record<string, string>>) =>
      Object.entries(files).filter(([path]) => path.startsWith("namespaces/"));
    expect(shop(await fleet.files("main"))).toEqual(shop(tip));

    await fleet.snapshot(SHOP);
    expect(await propose({ flat: true, environments: after })).toMatchObject({ frozen: [] });
  });

  it("keeps its encrypted file, whatever it is called", async () => {
    const recipient = await identityToRecipient(await generateX25519Identity());
    const gitops = { flat: true, secrets: { mode: "sops", sops: { recipients: [recipient] } } };
    const file = "namespaces/shop/prod/secrets/patch-db.sops.yaml";
    await fleet.snapshot([...WITHOUT_WEB, secret("shop/patch-db", { password: "Tr0ub4dor" })], { secrets: "plain" });
    await propose({ ...gitops, environments: { prod: {} } });
    expect(Object.keys(await fleet.files("main"))).toContain(file);
    await fleet.snapshot(WITHOUT_WEB);
    await fleet.snapshot(WITHOUT_WEB, { unread: ["secrets"] });
    await propose({ ...gitops, environments: { prod: {} } });
    expect(Object.keys(await fleet.files("main"))).toContain(file);

    await fleet.snapshot(WITHOUT_WEB);
    const limited = { ...gitops, environments: { prod: {} }, maxRemovals: { files: 0, percent: 0 } };
    await expect(fleet.run({ gitops: limited })).rejects.toMatchObject({ kind: "blocked" });
  });
});
