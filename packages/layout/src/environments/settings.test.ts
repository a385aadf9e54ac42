import type { GitOpsConfig } from "@kubeferry/shared-config";
import { describe, expect, it } from "vitest";
import { createFindings } from "../findings.ts";
import { warnOfIdleOverrides } from "./idle-overrides.ts";
import { layerName } from "./layers.ts";
import { createSettings, type FolderSettings } from "./settings.ts";

const LIVE = { domain: "crc.testing", name: "live" };
const ELSEWHERE = { domain: "crc.testing", name: "elsewhere" };
const RENAMED = { domain: "crc.testing", name: "old-name" };

type Written = Partial<Pick<GitOpsConfig, "environments" | "overrides">>;

/** All environments are made from crc.testing/live, of which the store holds snapshots under two names. */
function settings(written: Written) {
  const gitops = { namespaces: ["*"], environments: {}, overrides: {}, ...written };
  return {
    gitops,
    settingsOf: createSettings(gitops, {
      sourceOf: () => ({ id: "crc.testing/live", uid: "uid-of-live" }),
      uidOf: ({ name }) => (name === "old-name" ? "uid-of-live" : undefined),
    }),
  };
}

function names({ layers }: FolderSettings): readonly string[] {
  return layers.map(layerName);
}

describe("what counts for an environment of a namespace", () => {
  it("is what it extends, then itself, then globs in their order, the namespace's own name last", () => {
    const { settingsOf } = settings({
      environments: { all: {}, prod: { extends: "all" }, "prod-eu": { extends: "prod" } },
      overrides: {
        shop: { "prod-eu": { autoSync: true }, "prod-*": { prune: true } },
        "sh*": { "*": { autoSync: false } },
        "team-*": { "*": { prune: false } },
        "*": { "prod-eu": {} },
      },
    });
    expect(names(settingsOf("shop", "prod-eu"))).toEqual([
      "gitops.environments.all",
      "gitops.environments.prod",
      "gitops.environments.prod-eu",
      "gitops.overrides.sh*.*",
      "gitops.overrides.*.prod-eu",
      "gitops.overrides.shop.prod-*",
      "gitops.overrides.shop.prod-eu",
    ]);
    expect(settingsOf("shop", "prod-eu")).toMatchObject({ autoSync: true, prune: true });
    expect(names(settingsOf(undefined, "prod"))).toEqual(["gitops.environments.all", "gitops.environments.prod"]);
  });

  it("sends one namespace elsewhere than the rest of its environment", () => {
    const { settingsOf } = settings({
      environments: { prod: { destination: { server: "https://prod.example.com" } } },
      overrides: { "critical-workloads": { prod: { destination: { server: "https://critical.example.com" } } } },
    });
    expect(settingsOf("shop", "prod").places).toEqual([{ destination: { server: "https://prod.example.com" } }]);
    expect(settingsOf("critical-workloads", "prod").places).toEqual([
      { destination: { server: "https://critical.example.com" } },
    ]);
  });

  it("goes to each of several places, which one place of its own replaces", () => {
    const { settingsOf } = settings({
      environments: { prod: { destinations: { us: { name: "us" }, eu: { name: "eu" } } } },
      overrides: { shop: { prod: { destination: { name: "one" } } } },
    });
    expect(settingsOf("team", "prod").places).toEqual([
      { name: "us", destination: { name: "us" } },
      { name: "eu", destination: { name: "eu" } },
    ]);
    expect(settingsOf("shop", "prod").places).toEqual([{ destination: { name: "one" } }]);
  });
});

describe("overrides", () => {
  it("count where every place is known to be another cluster, Application or not", () => {
    const { settingsOf } = settings({
      environments: {
        cluster: { destination: { cluster: ELSEWHERE } },
        both: {
          destinations: { a: { name: "a", cluster: ELSEWHERE }, b: { server: "https://b", cluster: ELSEWHERE } },
        },
      },
    });
    expect(settingsOf("shop", "cluster")).toMatchObject({ overridden: true, reason: undefined, places: [] });
    expect(settingsOf("shop", "both")).toMatchObject({ overridden: true, reason: undefined });
  });

  it.each<[string, GitOpsConfig["environments"][string], string]>([
    [
      "no destination",
      {},
      "it has no destination, so it counts as its source cluster; destination: { cluster: <domain>/<name> } says which other cluster it is deployed to",
    ],
    [
      "a destination whose cluster nobody names",
      { destination: { server: "https://prod.example.com" } },
      "its destination does not say which cluster that is, so it counts as its source cluster; destination: { cluster: <domain>/<name> } says which other cluster it is deployed to",
    ],
    [
      "one of several that is not known",
      { destinations: { a: { name: "a", cluster: ELSEWHERE }, b: { name: "b" } } },
      "its destination does not say which cluster that is, so it counts as its source cluster; destination: { cluster: <domain>/<name> } says which other cluster it is deployed to",
    ],
    [
      "the source cluster",
      { destination: { name: "prod", cluster: LIVE } },
      "crc.testing/live, which it is deployed to, is its source cluster",
    ],
    [
      "the source cluster under another name",
      { destination: { name: "prod", cluster: RENAMED } },
      "crc.testing/old-name, which it is deployed to, is its source cluster crc.testing/live under another name (kube-system uid-of-live)",
    ],
  ])("do nothing towards %s", (_, environment, reason) => {
    const { settingsOf } = settings({ environments: { prod: { ...environment, namespace: "{namespace}-prod" } } });
    expect(settingsOf("shop", "prod")).toMatchObject({ overridden: false, reason, namespace: "shop" });
  });

  it("are said to do nothing once for each environment, with every key and what to write", () => {
    const { gitops, settingsOf } = settings({
      environments: {
        dev: { replicas: { "*": 1 }, destination: { cluster: ELSEWHERE } },
        prod: { replicas: { "*": 3 }, labels: { tier: "gold" } },
      },
      overrides: { shop: { prod: { images: [] } }, shpo: { "*": { replicas: { "*": 1 } } } },
    });
    const findings = createFindings();
    findings.take("namespaces/shop");
    findings.take("namespaces/team");
    const environments = ["dev", "prod"].map((name) => ({ name, source: "crc.testing/live" }));
    warnOfIdleOverrides({ gitops, environments, settingsOf }, findings);
    expect(findings.warnings).toEqual([
      "environment prod: gitops.environments.prod.replicas, gitops.environments.prod.labels, gitops.overrides.shop.prod.images do nothing: it has no destination, so it counts as its source cluster; destination: { cluster: <domain>/<name> } says which other cluster it is deployed to",
      'gitops.overrides: "shpo" matches no namespace of the snapshot that is adopted',
    ]);
  });
});

describe("the namespace where an environment is deployed", () => {
  it("is named by the strongest layer, and is the one it comes from where nobody names one", () => {
    const { settingsOf } = settings({
      environments: { dev: { namespace: "{namespace}-dev", destination: { cluster: ELSEWHERE } } },
      overrides: { shop: { dev: { namespace: "store" } } },
    });
    expect(settingsOf("team", "dev").namespace).toBe("team-dev");
    expect(settingsOf("shop", "dev").namespace).toBe("store");
    expect(settingsOf(undefined, "dev").namespace).toBeUndefined();
  });
});
