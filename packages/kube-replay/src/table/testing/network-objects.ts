import type { JsonObject } from "@kubeferry/model";
import { LABELS, type Planted, planted, SELECTOR } from "./plant.ts";

const LB_NAME = "a-very-long-load-balancer-name.example.com";
const service = (name: string, spec: JsonObject, status: JsonObject = {}): Planted =>
  planted(`services/specs/shop/${name}`, "v1", "Service", { spec, status });
const ingressOf = (...ingress: JsonObject[]): JsonObject => ({ loadBalancer: { ingress } });
const endpointsOf = (name: string, subsets: JsonObject[]): Planted =>
  planted(`services/endpoints/shop/${name}`, "v1", "Endpoints", { subsets });
const slice = (name: string, body: JsonObject): Planted =>
  planted(`endpointslices/shop/${name}`, "discovery.k8s.io/v1", "EndpointSlice", { addressType: "IPv4", ...body });
const ingress = (name: string, spec: JsonObject, status: JsonObject = {}): Planted =>
  planted(`ingress/shop/${name}`, "networking.k8s.io/v1", "Ingress", { spec, status });
const four = [{ ip: "10.0.0.1" }, { ip: "10.0.0.2" }, { ip: "10.0.0.3" }, { ip: "10.0.0.4" }];

const network: readonly Planted[] = [
  service("web", {
    type: "ClusterIP",
    clusterIP: "10.96.0.10",
    clusterIPs: ["10.96.0.10", "fd00::10"],
    selector: LABELS,
    ports: [
      { name: "http", port: 80, protocol: "TCP" },
      { name: "dns", port: 53, protocol: "UDP" },
    ],
  }),
  service("headless", { type: "ClusterIP", clusterIP: "None", clusterIPs: ["None"] }),
  service("external-ips", {
    type: "ClusterIP",
    externalIPs: ["1.2.3.4", "1.2.3.5"],
    ports: [{ port: 1, protocol: "TCP" }],
  }),
  service("node-port", { type: "NodePort", ports: [{ port: 80, nodePort: 30080, protocol: "TCP" }] }),
  service("pending", { type: "LoadBalancer", ports: [{ port: 443, nodePort: 30443, protocol: "TCP" }] }),
  service("balanced", { type: "LoadBalancer" }, ingressOf({ hostname: LB_NAME }, { ip: "9.9.9.9" }, { ip: "9.9.9.9" })),
  service("both", { type: "LoadBalancer", externalIPs: ["1.2.3.4"] }, ingressOf({ ip: "9.9.9.9" })),
  service("fixed", { type: "LoadBalancer", externalIPs: ["1.2.3.4"] }),
  service("elsewhere", { type: "ExternalName", externalName: "db.example.com" }),
  endpointsOf("empty", []),
  endpointsOf("web", [{ addresses: four, ports: [{ port: 80 }, { port: 81 }] }]),
  endpointsOf("headless", [{ addresses: four }, { addresses: [{ ip: "fd00::1" }], ports: [{ port: 80 }] }]),
  endpointsOf("six", [{ addresses: [{ ip: "fd00::1" }], ports: [{ port: 80 }] }]),
  slice("web", {
    ports: [{ name: "a", port: 80 }, { name: "b" }, {}, { port: 81 }],
    endpoints: [{ addresses: ["10.0.0.1", "10.0.0.2"] }, { addresses: ["10.0.0.3", "10.0.0.4", "10.0.0.5"] }],
  }),
  slice("empty", { ports: [], endpoints: [] }),
  ingress(
    "web",
    {
      ingressClassName: "nginx",
      tls: [{ hosts: ["a.example"] }],
      rules: [
        { host: "a.example" },
        { http: { paths: [] } },
        { host: "b.example" },
        { host: "c.example" },
        { host: "d" },
      ],
    },
    ingressOf({ hostname: LB_NAME }, { ip: "9.9.9.9" }),
  ),
  ingress("three", { rules: [{ host: "a" }, { host: "b" }, { host: "c" }] }),
  ingress("any", { defaultBackend: { service: { name: "web", port: { number: 80 } } } }),
  planted("ingressclasses/nginx", "networking.k8s.io/v1", "IngressClass", {
    spec: { controller: "k8s.io/nginx", parameters: { apiGroup: "k8s.example", kind: "Config", name: "main" } },
  }),
  planted("ingressclasses/core", "networking.k8s.io/v1", "IngressClass", {
    spec: { controller: "k8s.io/core", parameters: { kind: "ConfigMap", name: "main" } },
  }),
  planted("ingressclasses/bare", "networking.k8s.io/v1", "IngressClass", { spec: { controller: "k8s.io/bare" } }),
  planted("networkpolicies/shop/some", "networking.k8s.io/v1", "NetworkPolicy", { spec: { podSelector: SELECTOR } }),
  planted("networkpolicies/shop/all", "networking.k8s.io/v1", "NetworkPolicy", { spec: { podSelector: {} } }),
  planted("ipaddresses/10.0.0.99", "networking.k8s.io/v1", "IPAddress", {
    spec: { parentRef: { group: "Apps.example", resource: "things", namespace: "shop", name: "x" } },
  }),
];

/** Services, endpoints, ingresses and policies. */
export const networkObjects: readonly Planted[] = [...network];
