import type { Secret } from "@kubeferry/model";

/** How clients get to one served snapshot. */
export interface KubeContext {
  /** Also the name of its cluster and user: "snapshot-42". */
  readonly name: string;
  /** "https://127.0.0.1:40123" */
  readonly server: string;
  /** PEM; undefined over plain HTTP. */
  readonly certificate: string | undefined;
  readonly token: Secret | undefined;
}

/**
 * A kubeconfig with these contexts, of which the first is the current one. It holds their tokens: whoever can read it
 * can read the snapshots.
 */
export function kubeconfigOf(contexts: readonly KubeContext[]): string {
  return `${JSON.stringify(
    {
      apiVersion: "v1",
      kind: "Config",
      clusters: contexts.map(({ name, server, certificate }) => ({
        name,
        cluster: {
          server,
          ...(certificate === undefined ? {} : { "certificate-authority-data": base64(certificate) }),
        },
      })),
      users: contexts.map(({ name, token }) => ({ name, user: token === undefined ? {} : { token: token.reveal() } })),
      contexts: contexts.map(({ name }) => ({ name, context: { cluster: name, user: name } })),
      "current-context": contexts[0]?.name ?? "",
    },
    undefined,
    2,
  )}\n`;
}

function base64(text: string): string {
  return Buffer.from(text, "utf8").toString("base64");
}
