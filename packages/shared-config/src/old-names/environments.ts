import type { ConfigProblem } from "../config-error.ts";
import { listed } from "../keys.ts";
import { EMPTY_PART, type EnvironmentFact, type Part } from "../part.ts";
import { originText, type Sourced } from "../sourced.ts";
import { together } from "./read-old-name.ts";
import { truthOf } from "./truth-of.ts";

const KEYS = ["name", "cluster_url", "auto_sync", "sync_policy", "replicas"];

/** The old section `environments`: a list of sections with a `name`, or sections by their name. */
export function readEnvironments(node: Sourced): Part {
  if (isEmpty(node)) return EMPTY_PART;
  if (node.kind === "map") {
    return together([...node.entries].map(([name, value]) => readEnvironment(name, value, `environments.${name}`)));
  }
  if (node.kind === "leaf") return refused("environments", node, "expected a list or a section of environments");
  return together(
    node.items.map((item, index) => {
      const old = `environments[${index}]`;
      const name = item.kind === "map" ? item.entries.get("name") : undefined;
      if (name?.kind === "leaf" && typeof name.value === "string") return readEnvironment(name.value, item, old);
      return refused(old, item, "expected a section with a name, such as { name: dev }");
    }),
  );
}

function readEnvironment(environment: string, node: Sourced, old: string): Part {
  const there: EnvironmentFact = { environment, says: "there", node: emptyAt(node), old };
  if (isEmpty(node)) return { ...EMPTY_PART, environments: [there] };
  if (node.kind !== "map") return refused(old, node, `expected a section with ${listed(KEYS)}`);
  const parts = [...node.entries].map(([key, value]) => readKey(environment, key, value, `${old}.${key}`));
  const all = together([{ ...EMPTY_PART, environments: [there] }, ...parts]);
  return { ...all, problems: [...all.problems, ...contradiction(all.environments)] };
}

function readKey(environment: string, key: string, node: Sourced, old: string): Part {
  if (isEmpty(node)) return EMPTY_PART;
  const fact = (says: EnvironmentFact["says"], value: Sourced): Part => ({
    ...EMPTY_PART,
    environments: [{ environment, says, node: value, old }],
  });
  switch (key) {
    case "name":
      return EMPTY_PART;
    case "cluster_url":
      return fact("server", node);
    case "auto_sync":
      return fact("autoSync", node);
    case "sync_policy": {
      const automated = automatedOf(node);
      return automated === undefined ? refused(old, node, "expected automated or manual") : fact("autoSync", automated);
    }
    case "replicas":
      return fact("replicas", node);
    default:
      return refused(old, node, `unknown key; expected ${listed(KEYS)}`);
  }
}

function automatedOf(node: Sourced): Sourced | undefined {
  if (node.kind !== "leaf") return undefined;
  if (node.unresolved !== undefined) return node;
  if (node.value !== "automated" && node.value !== "manual") return undefined;
  return { ...node, value: node.value === "automated" };
}

/** `auto_sync` and `sync_policy` of one environment, saying different things. */
function contradiction(facts: readonly EnvironmentFact[]): readonly ConfigProblem[] {
  const [first, second] = facts.filter(({ says }) => says === "autoSync");
  if (first === undefined || second === undefined || truthOf(first.node) === truthOf(second.node)) return [];
  const text = `contradicts ${first.old} [${originText(first.node.origin)}]; drop one of them`;
  return [{ path: second.old, source: originText(second.node.origin), text }];
}

/** The old section `clusters`: URLs by environment, below `default`, regions or namespaces. */
export function readClusterUrls(node: Sourced & { readonly kind: "map" }): Part {
  const hasDefault = node.entries.has("default");
  return together(
    [...node.entries].flatMap(([group, urls]) => {
      const old = `clusters.${group}`;
      if (isEmpty(urls)) return [];
      if (urls.kind !== "map") return [refused(old, urls, "expected a section: the URL of each environment's cluster")];
      return [...urls.entries].map(([environment, url]) => {
        const at = `${old}.${environment}`;
        if (isEmpty(url)) return EMPTY_PART;
        const server: EnvironmentFact = { environment, says: "server", node: url, old: at };
        if (hasDefault && group !== "default") {
          return { ...EMPTY_PART, environments: [{ ...server, namespace: group }] };
        }
        const regional = hasDefault ? server : { ...server, region: group };
        return { ...EMPTY_PART, environments: [{ ...regional, says: "there" as const, node: emptyAt(url) }, regional] };
      });
    }),
  );
}

function isEmpty(node: Sourced): boolean {
  return node.kind === "leaf" && node.value === null;
}

/** Nothing, where that node stands. */
function emptyAt({ origin }: Sourced): Sourced {
  return { kind: "leaf", origin, value: null };
}

function refused(old: string, node: Sourced, text: string): Part {
  return { ...EMPTY_PART, problems: [{ path: old, source: originText(node.origin), text }] };
}
