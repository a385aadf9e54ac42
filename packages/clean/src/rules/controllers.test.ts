import type { JsonObject } from "@kubeferry/model";
import { describe, expect, it } from "vitest";
import { createCleaner } from "../cleaner.ts";
import { valueAt } from "../path.ts";
import { applied, live, manager } from "../testing/live.ts";

const { clean, dropReason } = createCleaner();
const REGISTRY = "openshift.io/image-registry-pull-secrets_service-account-controller";

describe("pull secrets that OpenShift applies to a ServiceAccount", () => {
  const account = (name: string, by: string): JsonObject => {
    const reference = { name: `${name}-dockercfg-x7k2p` };
    const fields = {
      "f:imagePullSecrets": {},
      "f:secrets": { [`k:{"name":"${reference.name}"}`]: {} },
      "f:metadata": { "f:annotations": { "f:openshift.io/internal-registry-pull-secret-ref": {} } },
    };
    return live(
      "v1",
      "ServiceAccount",
      { imagePullSecrets: [reference], secrets: [reference] },
      {
        name,
        annotations: { "openshift.io/internal-registry-pull-secret-ref": reference.name },
        managedFields: [manager("Apply", fields, by)],
      },
    );
  };

  it("are nobody's wish: they go, and so do accounts that hold nothing else", () => {
    expect(clean(account("web", REGISTRY)).object).toEqual({
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata: { name: "web", namespace: "shop" },
    });
    expect(dropReason(account("default", REGISTRY))?.rule).toBe("default-service-account");
    expect(dropReason(account("builder", REGISTRY))?.rule).toBe("openshift-service-accounts");
  });

  it("stay when another manager applies them too", () => {
    expect(clean(account("web", "argocd-controller")).removed.map(({ rule }) => rule)).not.toContain(
      "service-account-secrets",
    );
    expect(dropReason(account("builder", "argocd-controller"))).toBeUndefined();
  });
});

describe("a token that a ServiceAccount refers to", () => {
  const account = (by: string): JsonObject => {
    const fields = { "f:secrets": { 'k:{"name":"web-token-x7k2p"}': {} } };
    const managedFields = [manager("Update", fields, by)];
    return live("v1", "ServiceAccount", { secrets: [{ name: "web-token-x7k2p" }] }, { name: "web", managedFields });
  };

  it("goes when the token controller added it, and stays when somebody did", () => {
    expect(clean(account("kube-controller-manager")).object.secrets).toBeUndefined();
    expect(clean(account("kubectl-patch")).object.secrets).toEqual([{ name: "web-token-x7k2p" }]);
  });
});

describe("a certificate in a webhook", () => {
  const BUNDLE = ["webhooks", 0, "clientConfig", "caBundle"];
  const service = { name: "hook", namespace: "shop" };
  const webhook = (managers: readonly JsonObject[], annotations: JsonObject = {}): JsonObject =>
    live(
      "admissionregistration.k8s.io/v1",
      "MutatingWebhookConfiguration",
      { webhooks: [{ name: "a.example.com", clientConfig: { caBundle: "eA==", service } }] },
      { annotations, managedFields: [...managers] },
    );
  const fields = (...names: readonly string[]): JsonObject => {
    const clientConfig = Object.fromEntries(names.map((name) => [`f:${name}`, {}]));
    return { "f:webhooks": { 'k:{"name":"a.example.com"}': { "f:clientConfig": clientConfig } } };
  };
  const stays = (object: JsonObject): boolean => valueAt(clean(object).object, BUNDLE) !== undefined;

  it("goes when somebody wrote it who wrote nothing of the address beside it", () => {
    const applier = manager("Apply", fields("service"), "argocd-controller");
    expect(stays(webhook([applier, manager("Update", fields("caBundle"), "pilot-discovery")]))).toBe(false);
  });

  it("stays when whoever wrote the address wrote it, or a person, or when nobody is known to have written it", () => {
    expect(stays(webhook([manager("Update", fields("caBundle", "service"), "my-operator")]))).toBe(true);
    for (const person of ["kubectl-patch", "kubectl", "oc", "Mozilla"]) {
      expect(stays(webhook([manager("Update", fields("caBundle"), person)])), person).toBe(true);
    }
    expect(stays(webhook([manager("Update", fields("caBundle", "url"), "my-operator")]))).toBe(true);
    expect(stays(webhook([]))).toBe(true);
  });

  it("goes where it was asked for, also when the injector applies it, and stays when another applied it", () => {
    const asks = { "cert-manager.io/inject-ca-from": "shop/hook" };
    expect(stays(webhook([manager("Apply", fields("caBundle"), "cainjector")], asks))).toBe(false);
    expect(stays(webhook([manager("Apply", fields("caBundle"), "argocd-controller")], asks))).toBe(true);
  });

  it("stays when the annotation asks for nothing", () => {
    expect(stays(webhook([], { "service.beta.openshift.io/inject-cabundle": "false" }))).toBe(true);
  });
});

describe("a list of which a rule takes elements", () => {
  const claim = (finalizers: readonly string[], managedFields: readonly JsonObject[] = []): JsonObject =>
    live("v1", "PersistentVolumeClaim", {}, { finalizers: [...finalizers], managedFields: [...managedFields] });

  it("goes whole when nothing else is in it, and keeps the others in order", () => {
    expect(clean(claim(["kubernetes.io/pvc-protection"])).object.metadata).toEqual({ name: "x", namespace: "shop" });
    const mixed = claim(["b.example.com", "kubernetes.io/pvc-protection", "a.example.com"]);
    expect(clean(mixed).object.metadata).toMatchObject({ finalizers: ["b.example.com", "a.example.com"] });
  });

  it("keeps the one that somebody applied", () => {
    const fieldsV1 = { "f:metadata": { "f:finalizers": { 'v:"kubernetes.io/pvc-protection"': {} } } };
    const applied = claim(["kubernetes.io/pvc-protection", "a.example.com"], [manager("Apply", fieldsV1)]);
    expect(clean(applied).object.metadata).toMatchObject({
      finalizers: ["kubernetes.io/pvc-protection", "a.example.com"],
    });
  });
});

describe("the volume of a claim", () => {
  it("stays when somebody named it, though Kubernetes noted that it is bound", () => {
    const annotations = { "pv.kubernetes.io/bind-completed": "yes" };
    const claim = live("v1", "PersistentVolumeClaim", { spec: { volumeName: "old-disk" } }, { annotations });
    expect(clean(claim).object).toMatchObject({ metadata: { name: "x" }, spec: { volumeName: "old-disk" } });
  });
});

describe("the status of a custom resource", () => {
  const ticket = (annotations: JsonObject, ...managedFields: readonly JsonObject[]): JsonObject =>
    live("example.com/v1", "Ticket", { status: { open: true } }, { annotations, managedFields: [...managedFields] });
  const stays = (object: JsonObject): boolean => clean(object).object.status !== undefined;
  const lastApplied = applied({ status: { open: true } });
  const byKubectl = {
    "f:metadata": { "f:annotations": { "f:kubectl.kubernetes.io/last-applied-configuration": {} } },
    "f:status": { "f:open": {} },
  };

  it("stays when only those wrote it who applied the object", () => {
    expect(stays(ticket({}, manager("Apply", { "f:status": { "f:open": {} } })))).toBe(true);
    expect(stays(ticket(lastApplied, manager("Update", byKubectl, "kubectl-client-side-apply")))).toBe(true);
  });

  it("goes when a controller writes it too, or when it was applied where the server takes none", () => {
    const controller = manager("Update", { "f:status": { "f:health": {} } }, "argocd-application-controller");
    expect(stays(ticket(lastApplied, manager("Update", byKubectl), controller))).toBe(false);
    const bySubresource = { ...manager("Apply", { "f:status": { "f:open": {} } }), subresource: "status" };
    expect(stays(ticket({}, bySubresource))).toBe(false);
    expect(stays(ticket(lastApplied))).toBe(false);
  });
});
