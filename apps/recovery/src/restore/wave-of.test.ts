import { describe, expect, it } from "vitest";
import { WAVES } from "./wave.ts";
import { laterWave, waveOf } from "./wave-of.ts";

describe("waveOf", () => {
  it("puts each type after what it needs to be accepted, and admission last", () => {
    const order = [
      ["apiextensions.k8s.io", "customresourcedefinitions"],
      ["", "namespaces"],
      ["storage.k8s.io", "storageclasses"],
      ["", "persistentvolumeclaims"],
      ["rbac.authorization.k8s.io", "roles"],
      ["scheduling.k8s.io", "priorityclasses"],
      ["", "serviceaccounts"],
      ["", "secrets"],
      ["", "configmaps"],
      ["", "resourcequotas"],
      ["", "endpoints"],
      ["discovery.k8s.io", "endpointslices"],
      ["", "services"],
      ["networking.k8s.io", "networkpolicies"],
      ["apps", "deployments"],
      ["", "pods"],
      ["networking.k8s.io", "ingresses"],
      ["example.com", "widgets"],
      ["admissionregistration.k8s.io", "validatingwebhookconfigurations"],
      ["apiregistration.k8s.io", "apiservices"],
    ] as const;
    const steps = order.map(([group, resource]) => WAVES.indexOf(waveOf({ group, resource })));
    expect(steps).toEqual([...steps].sort((a, b) => a - b));
    expect(steps.at(0)).toBe(0);
    expect(steps.at(-1)).toBe(WAVES.length - 1);
  });

  it("takes a group and a plural of any name for a custom type", () => {
    expect(waveOf({ group: "constructor", resource: "things" })).toBe("custom");
    expect(waveOf({ group: "apps", resource: "toString" })).toBe("workloads");
  });

  it("writes a Secret that a custom resource owns with the custom resources", () => {
    const secrets = waveOf({ group: "", resource: "secrets" });
    expect(laterWave(secrets, waveOf({ group: "cert-manager.io", resource: "certificates" }))).toBe("custom");
    expect(laterWave(secrets, waveOf({ group: "", resource: "serviceaccounts" }))).toBe("configuration");
  });
});
