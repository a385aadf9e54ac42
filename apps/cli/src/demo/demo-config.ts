import { EXAMPLE_CLUSTER } from "./example-snapshot.ts";

/** The configuration that the demonstration runs with and leaves behind; its paths count from its own folder. */
export function demoConfig(): string {
  return `# Written by \`kubeferry demo\`. Every key is explained in docs/reference/configuration.md.
cluster: { name: ${EXAMPLE_CLUSTER.name}, domain: ${EXAMPLE_CLUSTER.domain} }
kubernetes: { kubeconfig: ./kubeconfig }
store: { type: folder, path: ./store }
backup: { secrets: withhold }
gitops:
  namespaces: ["shop", "payments", "platform-*"]
  environments:
    dev: {}
    test: {}
    preprod: {}
    prod: { destination: { server: "https://kubernetes.default.svc" }, autoSync: false }
  repository: { url: ./fleet.git, base: main, branch: kubeferry/main }
`;
}
