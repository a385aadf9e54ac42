import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createCleaner, parseYaml } from "@kubeferry/clean";
import { at, type JsonObject } from "@kubeferry/model";
import { secret, typeOf } from "@kubeferry/test-fleet";
import { type KubeApi, missingServers, servers } from "@kubeferry/testbed";
import { beforeAll, describe, expect, it } from "vitest";
import { cleanSecret } from "./clean-secret.ts";
import { createExternalSecretWriter } from "./external-secret.ts";

const CRD = "config/crds/bases/external-secrets.io_externalsecrets.yaml";

describe.skipIf(missingServers("kube-apiserver", "go-modules"))("an ExternalSecret", () => {
  let kube: KubeApi;
  beforeAll(async () => {
    kube = await servers.kubeApi();
    const module = await servers.goModule("external-secrets");
    const crd = parseYaml(readFileSync(join(module, CRD), "utf8")) as JsonObject;
    await kube.apply(crd);
  }, 180_000);

  it("is valid for the API of External Secrets, which fills in nothing that Git does not say", {
    timeout: 120_000,
  }, async () => {
    const namespace = await kube.freshNamespace();
    const live = secret(`${namespace}/db`, { password: "Tr0ub4dor", user: "shop" });
    const clean = cleanSecret(live, typeOf(live), createCleaner(), () => false);
    const writer = createExternalSecretWriter({
      store: "vault",
      storeKind: "secretstore",
      key: "{domain}/{environment}/{name}",
      refreshInterval: "1h",
    });
    const place = { domain: "crc", cluster: "a", environment: "prod", namespace, takenAt: "2026-11-21T06:00:00Z" };
    const written = parseYaml((await writer.write(clean, place)).text) as JsonObject;
    const path = `/apis/external-secrets.io/v1/namespaces/${namespace}/externalsecrets`;
    const answer = await kube.request("POST", `${path}?fieldValidation=Strict`, written);
    expect(answer.status, JSON.stringify(answer)).toBe(201);
    const stored = JSON.parse(answer.body) as JsonObject;
    expect(at(stored, "spec")).toEqual(at(written, "spec"));
  });
});
