import { describe, expect, it } from "vitest";
import { identityFromHost } from "./identity-from-host.ts";

describe("identityFromHost", () => {
  it.each([
    ["api.crc.testing", { name: "crc", domain: "crc.testing" }],
    ["api.wrl62.example.com", { name: "wrl62", domain: "wrl62.example.com" }],
    ["api-int.wrl62.example.com", { name: "wrl62", domain: "wrl62.example.com" }],
    ["API.Prod.Example.COM.", { name: "prod", domain: "prod.example.com" }],
    [
      "0123456789ABCDEF0123456789ABCDEF.gr7.eu-west-1.eks.amazonaws.com",
      { name: "0123456789abcdef0123456789abcdef", domain: "eu-west-1.eks.amazonaws.com" },
    ],
    ["ABCDEF.sk1.cn-north-1.eks.amazonaws.com.cn", { name: "abcdef", domain: "cn-north-1.eks.amazonaws.com.cn" }],
    [
      "gke-0123456789abcdef-123456789012.europe-west1.gke.goog",
      { name: "gke-0123456789abcdef-123456789012", domain: "europe-west1.gke.goog" },
    ],
    ["shop-dns-1a2b3c4d.hcp.westeurope.azmk8s.io", { name: "shop", domain: "westeurope.azmk8s.io" }],
    ["shop-prod-1a2b3c4d.hcp.westeurope.azmk8s.io", { name: "shop-prod", domain: "westeurope.azmk8s.io" }],
    [
      "shop-dns-1a2b3c4d.0f0e0d0c-1111-2222-3333-444455556666.privatelink.westeurope.azmk8s.io",
      { name: "shop", domain: "westeurope.azmk8s.io" },
    ],
    ["shop-control-plane", { name: "shop" }],
    ["k8s.prod.example.com", { domain: "prod.example.com" }],
    ["rancher.example.com", { domain: "example.com" }],
    ["api.testing", {}],
    ["10.0.0.1", {}],
    ["127.0.0.1", {}],
    ["[2001:db8::1]", {}],
    ["localhost", {}],
    ["kubernetes.default.svc", {}],
    ["kubernetes.default.svc.cluster.local", {}],
    ["kubernetes.docker.internal", {}],
    ["apiserver", {}],
    ["", {}],
  ])("%s gives %o", (host, identity) => {
    expect(identityFromHost(host)).toEqual(identity);
  });
});
