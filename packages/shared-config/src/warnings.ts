import type { Config } from "./schema/config.ts";
import { nodeAt, type Sourced } from "./sourced.ts";

/** What is allowed and not safe, or was left to its default although safety depends on it; each with key and value. */
export function warningsOf(config: Config, tree: Sourced): readonly string[] {
  return [...ofStore(config, tree), ...ofSecrets(config, tree), ...ofSigning(config), ...ofRepository(config)];
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
