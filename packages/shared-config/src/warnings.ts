import type { Config } from "./schema/config.ts";
import { nodeAt, type Sourced } from "./sourced.ts";

/** What is allowed and not safe, or was left to its default although safety depends on it; each with key and value. */
export function warningsOf(config: Config, tree: Sourced, unusedVariables: readonly string[]): readonly string[] {
  return [
    ...unused(unusedVariables, config),
    ...ofStore(config, tree),
    ...ofSecrets(config, tree),
    ...ofRepository(config),
  ];
}

function* unused(variables: readonly string[], config: Config): Generator<string> {
  if (variables.length === 0) return;
  yield `config: ${variables.join(", ")} set in the environment and not used: store.type is ${config.store.type}`;
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
  if (nodeAt(tree, ["backup", "secrets"]) !== undefined) return;
  yield `config: backup.secrets is not set, so it is ${backup.secrets}: values of Secrets will not be in the backup; write withhold, omit or plain`;
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
