import type { JsonObject } from "@kubeferry/model";
import type { GitOpsConfig } from "@kubeferry/shared-config";
import { configMap, deployment } from "@kubeferry/test-fleet";
import { expect, it } from "vitest";
import { createFindings } from "../findings.ts";
import { createSettings } from "./settings.ts";
import { createVariants } from "./variants.ts";

const ELSEWHERE = { destination: { cluster: { domain: "crc.testing", name: "elsewhere" } } };
const LIVE = "crc.testing/live";

function variants(environments: GitOpsConfig["environments"], sources: Readonly<Record<string, string>> = {}) {
  const settingsOf = createSettings(
    { environments, overrides: {} },
    { sourceOf: () => ({ id: LIVE, uid: "u" }), uidOf: () => undefined },
  );
  const all = Object.keys(environments).map((name) => ({ name, source: sources[name] ?? LIVE }));
  return createVariants({ environments: all, settingsOf, namespaces: { globs: ["*"], argocdNamespace: "argocd" } });
}

function web(object: JsonObject = deployment("shop/web")) {
  const ref = { group: "apps", resource: "deployments", kind: "Deployment", namespace: "shop", name: "web" };
  return { source: LIVE, folder: "namespaces/shop", ref, object };
}

it("are made only for environments of the object's source to which it is another one", () => {
  const replicas = { ...ELSEWHERE, replicas: { "*": 5 } };
  const all = variants(
    { dev: replicas, same: { ...ELSEWHERE, replicas: { "*": 2 } }, prod: {}, other: replicas },
    { other: "x/y" },
  );
  expect(all.of(web(), false).map(({ environment }) => environment)).toEqual(["dev"]);
});

it("warn once of every override that fitted nothing, and are silent about one that changed nothing", () => {
  const base = {
    ...ELSEWHERE,
    images: [
      { from: "nginx", tag: "1.29" },
      { from: "nginy", tag: "1" },
    ],
    labels: { a: "b" },
  };
  const all = variants({
    base,
    dev: { extends: "base", replicas: { "*": 2, "api-*": 3 }, hosts: [{ from: "a.b", to: "c.d" }] },
    idle: { images: [{ from: "unused", tag: "1" }] },
  });
  all.of(web(), false);
  const findings = createFindings();
  all.warn(findings);
  expect(findings.warnings).toEqual([
    "gitops.environments.base.images[1] matches nothing",
    "gitops.environments.dev.replicas.api-* matches nothing",
    "gitops.environments.dev.hosts[0] matches nothing",
  ]);
});

it("say how many texts still name a namespace that is called otherwise there", () => {
  const all = variants({ dev: { ...ELSEWHERE, namespace: "{namespace}-dev" } });
  const ref = { group: "", resource: "configmaps", kind: "ConfigMap", namespace: "shop", name: "x" };
  const object = configMap("shop/x", { url: "http://db.shop.svc", other: "http://web.team.svc:80", text: "shop" });
  all.of({ ...web(object), ref }, false);
  all.of({ ...web(configMap("shop/y")), ref }, false);
  const findings = createFindings();
  all.warn(findings);
  expect(findings.warnings).toEqual([
    'environment dev: 2 texts in 1 object name a namespace that is called otherwise there, such as in "db.shop.svc", and are left as they are; patches can change them',
  ]);
});
