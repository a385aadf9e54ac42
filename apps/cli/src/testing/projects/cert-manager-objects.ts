import type { JsonObject } from "@kubeferry/model";

/** Custom resources of cert-manager as a team writes them: nested lists, empty maps, texts with special characters. */
export const CERT_MANAGER_OBJECTS: readonly JsonObject[] = [
  {
    apiVersion: "cert-manager.io/v1",
    kind: "ClusterIssuer",
    metadata: { name: "letsencrypt" },
    spec: {
      acme: {
        email: "platform@example.com",
        server: "https://acme.example.com/directory",
        privateKeySecretRef: { name: "letsencrypt-account" },
        solvers: [
          { selector: {}, http01: { ingress: { ingressClassName: "public" } } },
          { selector: { dnsZones: ["example.com"] }, dns01: { rfc2136: { nameserver: "192.0.2.1:53" } } },
        ],
      },
    },
  },
  {
    apiVersion: "cert-manager.io/v1",
    kind: "Issuer",
    metadata: { name: "internal-ca", namespace: "cert-manager" },
    spec: { selfSigned: {} },
  },
  {
    apiVersion: "cert-manager.io/v1",
    kind: "Certificate",
    metadata: {
      name: "shop",
      namespace: "cert-manager",
      labels: { "app.kubernetes.io/part-of": "shop" },
      annotations: { note: "renewed: on\nmanually? no" },
    },
    spec: {
      secretName: "shop-tls",
      duration: "2160h",
      renewBefore: "360h",
      commonName: "shop.example.com",
      dnsNames: ["shop.example.com", "*.shop.example.com"],
      usages: ["server auth", "client auth"],
      privateKey: { algorithm: "ECDSA", size: 256, rotationPolicy: "Always" },
      issuerRef: { name: "internal-ca", kind: "Issuer", group: "cert-manager.io" },
    },
  },
];
