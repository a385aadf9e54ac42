import { valuesOf } from "./values-table.ts";

/** The chart's README: how it is installed, and every value of values.yaml. */
export function chartReadme(values: string): string {
  const rows = valuesOf(values).map(
    ({ path, value, text }) => `| \`${path}\` | ${value === "" ? "" : `\`${escaped(value)}\``} | ${escaped(text)} |`,
  );
  return `# The chart kubeferry

Generated from \`values.yaml\`; a test fails when the two differ. How to choose, and what to look at before and after:
[docs/kubernetes.md](../../docs/kubernetes.md).

\`\`\`sh
helm install kubeferry charts/kubeferry --namespace kubeferry --create-namespace --values my-values.yaml
\`\`\`

\`examples/\` has values for each way to run it: [chained](examples/chained.yaml), [separate](examples/separate.yaml),
[webhook](examples/webhook.yaml), [a Job](examples/job.yaml), [several clusters](examples/several-clusters.yaml),
[some namespaces](examples/some-namespaces.yaml), [OpenShift](examples/openshift.yaml), and [names that other tools
know](examples/backup-system.yaml).

\`values.schema.json\` refuses what is no value, what is no key of the configuration, and secrets in clear.

| value | default | what it says |
| --- | --- | --- |
${rows.join("\n")}
`;
}

function escaped(text: string): string {
  return text.replaceAll("|", "\\|");
}
