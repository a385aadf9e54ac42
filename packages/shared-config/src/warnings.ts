import type { CheckedConfig } from "./check-config.ts";
import type { Config } from "./schema/config.ts";
import { nodeAt, type Sourced } from "./sourced.ts";

/**
 * What is allowed and not safe, or was left to its default although safety depends on it; each with key and value. What
 * is said of every cluster is said once, and what is said of some names them.
 */
export function warningsOfAll({ config, clusters, tree, entries }: CheckedConfig): readonly string[] {
  if (entries.length === 0) return warningsOf(config, tree);
  const said = new Map<string, (string | undefined)[]>();
  for (const [index, { whole }] of entries.entries()) {
    const cluster = clusters[index] ?? config;
    for (const text of warningsOf(cluster, whole)) said.set(text, [...(said.get(text) ?? []), cluster.cluster.name]);
  }
  return [...said].map(([text, names]) =>
    names.length === entries.length ? text : text.replace("config: ", `config: of ${names.join(", ")}: `),
  );
}

function warningsOf(config: Config, tree: Sourced): readonly string[] {
  return [
    ...ofStore(config, tree),
    ...ofSecrets(config, tree),
    ...ofSigning(config),
    ...ofAnnouncing(config),
    ...ofRepository(config),
  ];
}

function* ofStore({ store }: Config, tree: Sourced): Generator<string> {
  if (store.type !== "s3") return;
  if (!store.useSsl && leavesMachine(store.endpoint)) {
    yield `config: store.endpoint is ${store.endpoint}: objects and requests travel unencrypted; use https where you can`;
  }
  const endpoint = nodeAt(tree, ["store", "endpoint"]);
  const written = endpoint?.kind === "leaf" && typeof endpoint.value === "string" && endpoint.value.includes("://");
  if (!written && nodeAt(tree, ["store", "useSsl"]) === undefined) {
    yield "config: store.useSsl is not set, so it is true; write it, or give store.endpoint as a URL";
  }
}

function* ofSecrets({ backup }: Config, tree: Sourced): Generator<string> {
  // With recipients it is encrypt, which is safe.
  if (nodeAt(tree, ["backup", "secrets"]) !== undefined || backup.secrets !== "withhold") return;
  yield "config: backup.secrets is not set, so it is withhold: values of Secrets will not be in the backup; name encryption.recipients (kubeferry init makes a key pair), or write withhold, omit or plain";
}

function* ofSigning({ signing }: Config): Generator<string> {
  if (signing.key !== undefined || signing.trusted.length > 0) return;
  yield "config: signing.key and signing.trusted are not set, so manifests are not signed: whoever can write to the store can forge a snapshot; kubeferry init --signing makes a key pair";
}

function* ofAnnouncing({ announce: { via, url } }: Config): Generator<string> {
  if (via !== "webhook" || url === undefined || !url.startsWith("http://") || !leavesMachine(url)) return;
  yield `config: announce.url is ${url}: calls are signed and travel unencrypted, so that names of clusters can be read and calls kept back on the way; use https where you can`;
}

function* ofRepository({ gitops }: Config): Generator<string> {
  if (gitops?.repository.token === undefined) return;
  const { url, apiUrl } = gitops.repository;
  for (const [key, value] of [
    ["url", url],
    ["apiUrl", apiUrl ?? ""],
  ] as const) {
    if (!value.startsWith("http://") || !leavesMachine(value)) continue;
    yield `config: gitops.repository.${key} is ${value}: the token travels unencrypted; use https`;
  }
}

function leavesMachine(url: string): boolean {
  const { hostname } = new URL(url);
  return !(hostname === "localhost" || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname));
}
