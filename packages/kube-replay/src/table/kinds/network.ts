import { compareUtf8, type JsonObject } from "@kubeferry/model";
import { ageColumn, nameColumn, type PrintedKind, textColumn, wide } from "../columns.ts";
import { integer, objects, sizeAt, text, texts, valueAt } from "../fields.ts";
import { labelsText, selectorText } from "../label-text.ts";

/** How traffic finds its way, but for endpoints. */
export const network: Readonly<Record<string, PrintedKind>> = {
  "/Service": {
    columns: [
      nameColumn,
      textColumn("Type", (service) => text(service, "spec", "type")),
      textColumn("Cluster-IP", (service) => texts(service, "spec", "clusterIPs")[0] ?? "<none>"),
      textColumn("External-IP", externalIp),
      textColumn("Port(s)", (service) => objects(service, "spec", "ports").map(portText).join(",") || "<none>"),
      ageColumn,
      wide(textColumn("Selector", (service) => labelsText(valueAt(service, "spec", "selector")))),
    ],
  },
  "networking.k8s.io/Ingress": {
    columns: [
      nameColumn,
      textColumn("Class", (ingress) => text(ingress, "spec", "ingressClassName") || "<none>"),
      textColumn("Hosts", hosts),
      textColumn("Address", balancerAddresses),
      textColumn("Ports", (ingress) => (sizeAt(ingress, "spec", "tls") > 0 ? "80, 443" : "80")),
      ageColumn,
    ],
  },
  "networking.k8s.io/IngressClass": {
    columns: [
      nameColumn,
      textColumn("Controller", (ingressClass) => text(ingressClass, "spec", "controller")),
      textColumn("Parameters", classParameters),
      ageColumn,
    ],
  },
  "networking.k8s.io/NetworkPolicy": {
    columns: [
      nameColumn,
      textColumn("Pod-Selector", (policy) => selectorText(valueAt(policy, "spec", "podSelector"))),
      ageColumn,
    ],
  },
  "networking.k8s.io/ServiceCIDR": {
    columns: [nameColumn, textColumn("CIDRs", (object) => texts(object, "spec", "cidrs").join(",")), ageColumn],
  },
  "networking.k8s.io/IPAddress": { columns: [nameColumn, textColumn("ParentRef", parentRef)] },
};

function externalIp(service: JsonObject): string {
  const type = text(service, "spec", "type");
  if (type === "ExternalName") return text(service, "spec", "externalName");
  const fixed = texts(service, "spec", "externalIPs").join(",");
  if (type !== "LoadBalancer") return fixed || "<none>";
  return [balancerAddresses(service), fixed].filter((each) => each !== "").join(",") || "<pending>";
}

/** The addresses that a load balancer has reported, each once. */
function balancerAddresses(object: JsonObject): string {
  const addresses = objects(object, "status", "loadBalancer", "ingress").map(
    (ingress) => text(ingress, "ip") || text(ingress, "hostname"),
  );
  return [...new Set(addresses.filter((address) => address !== ""))].toSorted(compareUtf8).join(",");
}

function portText(port: JsonObject): string {
  const nodePort = integer(port, "nodePort");
  const inside = integer(port, "port");
  return `${nodePort === 0 ? inside : `${inside}:${nodePort}`}/${text(port, "protocol")}`;
}

function hosts(ingress: JsonObject): string {
  const rules = objects(ingress, "spec", "rules");
  const shown: string[] = [];
  for (const rule of rules) {
    // Rules without a host do not count towards the three that are shown, but they do towards the rest.
    if (shown.length === 3) return `${shown.join(",")} + ${rules.length - 3} more...`;
    const host = text(rule, "host");
    if (host !== "") shown.push(host);
  }
  return shown.join(",") || "*";
}

function classParameters(ingressClass: JsonObject): string {
  const parameters = valueAt(ingressClass, "spec", "parameters");
  if (parameters === undefined) return "<none>";
  const group = text(parameters, "apiGroup");
  return `${text(parameters, "kind")}${group === "" ? "" : `.${group}`}/${text(parameters, "name")}`;
}

function parentRef(address: JsonObject): string {
  const parent = valueAt(address, "spec", "parentRef");
  if (parent === undefined) return "<none>";
  const group = text(parent, "group");
  const type = `${text(parent, "resource")}${group === "" ? "" : `.${group}`}`.toLowerCase();
  const namespace = text(parent, "namespace");
  return `${type}/${namespace === "" ? "" : `${namespace}/`}${text(parent, "name")}`;
}
