import type { JsonObject } from "@kubeferry/model";
import { describe, expect, it } from "vitest";
import { createCleaner } from "../cleaner.ts";
import { FIELD_FIXTURES, OBJECT_FIXTURES } from "../testing/fixtures/index.ts";
import { applied, live, manager } from "../testing/live.ts";
import { ruleTable } from "./rule-table.ts";

const { clean, dropReason } = createCleaner();
const OURS = { ours: () => true };

function specOf(object: JsonObject): JsonObject {
  return clean(object).object.spec as JsonObject;
}

// What other tools got wrong before, one test each.
describe("mistakes that other tools made", () => {
  it("1. a node port that somebody chose is still known as chosen: evidence is read before it is removed", () => {
    const ports = [{ port: 80, protocol: "TCP", nodePort: 30080 }];
    const chosen = live("v1", "Service", { spec: { ports } }, { annotations: applied({ spec: { ports } }) });
    expect(clean(chosen).object).toEqual({
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "x", namespace: "shop" },
      spec: { ports },
    });
  });

  it("2. a headless Service stays headless, and keeps no list that contradicts it", () => {
    const headless = live("v1", "Service", { spec: { clusterIP: "None", clusterIPs: ["None"] } });
    expect(specOf(headless)).toEqual({ clusterIP: "None" });
  });

  it("3. a generated host goes with its marker, and a chosen one stays with it", () => {
    const annotations = { "openshift.io/host.generated": "true" };
    const spec = { host: "web-shop.apps.example.com", to: { kind: "Service", name: "web" } };
    const generated = live("route.openshift.io/v1", "Route", { spec }, { annotations });
    expect(clean(generated).object).toEqual({
      apiVersion: "route.openshift.io/v1",
      kind: "Route",
      metadata: { name: "x", namespace: "shop" },
      spec: { to: spec.to },
    });
    for (const fieldsV1 of [
      { "f:spec": { "f:host": {} } },
      { "f:metadata": { "f:annotations": { "f:openshift.io/host.generated": {} } } },
    ]) {
      const managedFields = [manager("Apply", fieldsV1)];
      const chosen = live("route.openshift.io/v1", "Route", { spec }, { annotations, managedFields });
      expect(specOf(chosen).host).toBe(spec.host);
      expect((clean(chosen).object.metadata as JsonObject).annotations).toEqual(annotations);
    }
  });

  it("4. Endpoints and EndpointSlices that were made by hand stay", () => {
    const subsets = [{ addresses: [{ ip: "192.0.2.1" }], ports: [{ port: 5432 }] }];
    expect(dropReason(live("v1", "Endpoints", { subsets }))).toBeUndefined();
    expect(dropReason(live("discovery.k8s.io/v1", "EndpointSlice", { endpoints: [] }))).toBeUndefined();
  });

  it("5. volumeMode, limits, dnsPolicy and grace period stay, and so do fields that no type knows", () => {
    const template = {
      spec: {
        dnsPolicy: "ClusterFirst",
        terminationGracePeriodSeconds: 30,
        containers: [{ name: "c", resources: { limits: { cpu: "1" } }, fromTheFuture: { a: [] } }],
      },
    };
    const workload = { replicas: 1, revisionHistoryLimit: 10, progressDeadlineSeconds: 600, template };
    expect(specOf(live("apps/v1", "Deployment", { spec: workload }))).toEqual(workload);
    const claim = { volumeMode: "Block", storageClassName: "" };
    expect(specOf(live("v1", "PersistentVolumeClaim", { spec: claim }))).toEqual(claim);
  });

  it("6. no rule is dead: each has an object that it changes", () => {
    const changed = new Set([
      ...FIELD_FIXTURES.flatMap(({ changes }) => clean(changes, undefined, OURS).removed.map(({ rule }) => rule)),
      ...OBJECT_FIXTURES.map(({ drops }) => dropReason(drops)?.rule),
    ]);
    for (const { id } of [...ruleTable().fields, ...ruleTable().objects]) expect(changed, id).toContain(id);
  });

  it("7. switching one rule off switches no other off", () => {
    for (const { id } of [...ruleTable().fields, ...ruleTable().objects]) {
      const without = createCleaner({ disable: [id] });
      for (const { rule, changes, gone } of FIELD_FIXTURES) {
        const taken = without.clean(changes, undefined, OURS).removed.filter((one) => one.rule === rule);
        expect(
          taken.map(({ path }) => path),
          `${rule} without ${id}`,
        ).toEqual(rule === id ? [] : gone);
      }
      for (const { rule, drops } of OBJECT_FIXTURES) {
        expect(without.dropReason(drops)?.rule, `${rule} without ${id}`).toBe(rule === id ? undefined : rule);
      }
    }
  });

  it("8. no object vanishes for a word in its name", () => {
    const names = ["api-token-shop", "admin", "editor", "default-settings", "pipeline", "builder-dockercfg-x7k2p"];
    const types = [
      ["v1", "Secret"],
      ["v1", "ConfigMap"],
      ["v1", "ServiceAccount"],
      ["v1", "Service"],
      ["rbac.authorization.k8s.io/v1", "RoleBinding"],
      ["apps/v1", "Deployment"],
    ] as const;
    for (const name of names) {
      for (const [apiVersion, kind] of types) {
        const object = live(apiVersion, kind, kind === "Secret" ? { type: "Opaque" } : {}, { name });
        expect(dropReason(object), `${kind} ${name}`).toBeUndefined();
      }
    }
  });

  it("9. a type is known by its group: what only shares the kind's name is left alone", () => {
    const general = new Set(ruleTable().fields.flatMap(({ id, of }) => (of === "every object" ? [id] : [])));
    for (const { rule, changes } of FIELD_FIXTURES.filter((fixture) => !general.has(fixture.rule))) {
      const foreign = { ...changes, apiVersion: "example.com/v1" };
      expect(clean(foreign, undefined, OURS).removed.map((one) => one.rule)).not.toContain(rule);
    }
    for (const { drops } of OBJECT_FIXTURES) {
      expect(dropReason({ ...drops, apiVersion: "example.com/v1" })).toBeUndefined();
    }
  });

  it("10. OpenShift's ranges, requester and injected certificates, and its older annotations, are known", () => {
    const namespace = live(
      "v1",
      "Namespace",
      {},
      {
        annotations: {
          "openshift.io/sa.scc.mcs": "s0:c26,c15",
          "openshift.io/sa.scc.supplemental-groups": "1000680000/10000",
          "openshift.io/sa.scc.uid-range": "1000680000/10000",
          "openshift.io/requester": "ann",
          "openshift.io/display-name": "Shop",
        },
      },
    );
    expect((clean(namespace).object.metadata as JsonObject).annotations).toEqual({
      "openshift.io/display-name": "Shop",
    });
    const alpha = { annotations: { "service.alpha.openshift.io/originating-service-name": "web" } };
    expect(dropReason(live("v1", "Secret", { type: "kubernetes.io/tls" }, alpha))?.rule).toBe("serving-certificates");
    const injected = { annotations: { "service.beta.openshift.io/inject-cabundle": "true" } };
    const service = { name: "metrics", namespace: "shop" };
    const api = live("apiregistration.k8s.io/v1", "APIService", { spec: { caBundle: "eA==", service } }, injected);
    expect(specOf(api)).toEqual({ service });
    const webhook = { clientConfig: { caBundle: "eA==", service }, conversionReviewVersions: ["v1"] };
    const conversion = (metadata: JsonObject) =>
      specOf(
        live(
          "apiextensions.k8s.io/v1",
          "CustomResourceDefinition",
          { spec: { conversion: { strategy: "Webhook", webhook } } },
          metadata,
        ),
      ).conversion;
    expect(conversion(injected)).toEqual({
      strategy: "Webhook",
      webhook: { clientConfig: { service }, conversionReviewVersions: ["v1"] },
    });
    expect(conversion({})).toEqual({ strategy: "Webhook", webhook });
  });
});
