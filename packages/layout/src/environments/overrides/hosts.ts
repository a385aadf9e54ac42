import type { JsonObject } from "@kubeferry/model";
import { editAt, editText, editTexts } from "./edit-json.ts";
import type { OnFit, OverriddenObject, Rule } from "./rule.ts";

/** What becomes of a host, or of all below a domain. */
export interface HostRule {
  /** "shop.example.com", or "*.dev.example.com". */
  readonly from: string;
  readonly to: string;
}

/** Where the types that are reached from outside hold hosts: single ones, and lists of them. */
const PLACES: ReadonlyMap<string, { readonly one: readonly string[][]; readonly lists: readonly string[][] }> = new Map(
  [
    ["networking.k8s.io/Ingress", { one: [["spec", "rules", "[]", "host"]], lists: [["spec", "tls", "[]", "hosts"]] }],
    ["route.openshift.io/Route", { one: [["spec", "host"]], lists: [] }],
    ["gateway.networking.k8s.io/Gateway", { one: [["spec", "listeners", "[]", "hostname"]], lists: [] }],
    ["gateway.networking.k8s.io/HTTPRoute", { one: [], lists: [["spec", "hostnames"]] }],
    ["gateway.networking.k8s.io/GRPCRoute", { one: [], lists: [["spec", "hostnames"]] }],
    ["gateway.networking.k8s.io/TLSRoute", { one: [], lists: [["spec", "hostnames"]] }],
  ],
);

/** An object with each of its hosts as the last rule that fits it says. */
export function overrideHosts(
  object: JsonObject,
  rules: readonly Rule<HostRule>[],
  { ref }: OverriddenObject,
  onFit: OnFit,
): JsonObject {
  const places = PLACES.get(`${ref.group}/${ref.kind}`);
  if (places === undefined || rules.length === 0) return object;
  const change = (host: string): string => overrideHost(host, rules, onFit);
  const single = places.one.reduce((changed, path) => editAt(changed, path, editText(change)), object);
  return places.lists.reduce((changed, path) => editAt(changed, path, editTexts(change)), single);
}

function overrideHost(host: string, rules: readonly Rule<HostRule>[], onFit: OnFit): string {
  const fitting = rules.filter(({ value }) => replaced(host, value) !== undefined);
  for (const rule of fitting) onFit(rule);
  const last = fitting.at(-1);
  return (last && replaced(host, last.value)) ?? host;
}

function replaced(host: string, { from, to }: HostRule): string | undefined {
  if (!from.startsWith("*.")) return host.toLowerCase() === from.toLowerCase() ? to : undefined;
  const domain = from.slice(1).toLowerCase();
  if (!host.toLowerCase().endsWith(domain)) return undefined;
  return `${host.slice(0, -domain.length)}${to.slice(1)}`;
}
