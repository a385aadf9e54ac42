import { writeFileSync } from "node:fs";
import type { CertificatePair } from "./certificates.ts";

/** Whom a kubeconfig speaks as. */
export type KubeCredentials = { readonly token: string } | CertificatePair;

/** Where a kubeconfig leads. */
export interface KubeTarget {
  readonly cluster: string;
  readonly url: string;
  /** The authority's certificate, PEM. */
  readonly authority: string;
}

/** Writes a kubeconfig with one context, named like its user; readable by this user only. */
export function writeKubeconfig(path: string, target: KubeTarget, user: string, credentials: KubeCredentials): void {
  const lines = [
    "apiVersion: v1",
    "kind: Config",
    "clusters:",
    `- name: ${quoted(target.cluster)}`,
    "  cluster:",
    `    server: ${quoted(target.url)}`,
    `    certificate-authority-data: ${base64(target.authority)}`,
    "users:",
    `- name: ${quoted(user)}`,
    "  user:",
    ...credentialLines(credentials).map((line) => `    ${line}`),
    "contexts:",
    `- name: ${quoted(user)}`,
    `  context: { cluster: ${quoted(target.cluster)}, user: ${quoted(user)} }`,
    `current-context: ${quoted(user)}`,
  ];
  writeFileSync(path, `${lines.join("\n")}\n`, { mode: 0o600 });
}

function credentialLines(credentials: KubeCredentials): string[] {
  if ("token" in credentials) return [`token: ${quoted(credentials.token)}`];
  return [`client-certificate-data: ${base64(credentials.certificate)}`, `client-key-data: ${base64(credentials.key)}`];
}

/** JSON strings are YAML strings as long as they hold nothing exotic, and names of users here do not. */
function quoted(text: string): string {
  return JSON.stringify(text);
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}
