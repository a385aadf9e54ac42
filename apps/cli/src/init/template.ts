import type { Answers, StoreAnswer } from "./answers.ts";

/** Names that stand in the file; undefined: no such key was made. Names of files count from the configuration's folder. */
export interface TemplateKeys {
  readonly recipient?: string;
  readonly identityFile: string;
  readonly signingKeyFile: string;
  readonly signingPublicKey?: string;
  readonly webhookKeyFile?: string;
}

/** The text of a first configuration, with a comment for each choice. */
export function configTemplate(answers: Answers, keys: TemplateKeys): string {
  return [
    HEAD,
    clusterText(answers),
    storeText(answers.store),
    secretsText(answers, keys),
    signingText(keys),
    RETENTION,
    announceText(keys),
    GITOPS,
  ].join("\n");
}

const HEAD = `# Configuration of kubeferry, written by \`kubeferry init\`. docs/reference/configuration.md explains every key.
# \`kubeferry config validate\` checks this file, \`kubeferry config show --origin\` prints what holds, with defaults.
# \${NAME} is an environment variable, \${file:path} the contents of a file beside this one.
`;

function clusterText({ clusterName, clusterDomain }: Answers): string {
  const line = (key: string, value: string, example: string) =>
    value === "" ? `  # ${key}: ${example}\n` : `  ${key}: ${quoted(value)}\n`;
  return `# Who the cluster is: the bucket holds <domain>/<name>/. What is left out is identified from the cluster.
cluster:
${line("name", clusterName, "production-east")}${line("domain", clusterDomain, "company.local")}  # environment: prod   # selects retention.byEnvironment

# Several clusters in one configuration: instead of \`cluster.name\`, a list; each entry says what differs.
# clusters:
#   - { name: east, kubernetes: { context: admin@east } }
#   - { name: west, kubernetes: { context: admin@west } }
`;
}

function storeText(store: StoreAnswer): string {
  if (store.type === "folder") {
    return `# Where snapshots and the mirror live: a folder. A relative one counts from this file.
store:
  type: folder
  path: ${quoted(store.path)}
`;
  }
  const endpoint = store.endpoint === "" ? `"\${MINIO_ENDPOINT}"` : quoted(store.endpoint);
  return `# Where snapshots and the mirror live: an S3 bucket. Credentials stay in the environment, or come from
# \${file:/path}; there are no default ones.
store:
  type: s3
  endpoint: ${endpoint}
  bucket: ${quoted(store.bucket)}
  accessKey: "\${MINIO_ACCESS_KEY}"
  secretKey: "\${MINIO_SECRET_KEY}"
  # autoCreateBucket: true   # a missing bucket is an error otherwise
`;
}

function secretsText({ secrets }: Answers, { recipient, identityFile }: TemplateKeys): string {
  const meaning: Readonly<Record<Answers["secrets"], string>> = {
    encrypt: "Values of Secrets are in the bucket, encrypted to the recipients below.",
    withhold: "Values of Secrets are not in the bucket, only their keys: they cannot be restored.",
    omit: "Secrets are not even listed; no right to read them is needed, and they cannot be restored.",
    plain: "Values of Secrets are in the bucket in clear text: whoever reads the bucket has them.",
  };
  const encryption =
    recipient === undefined
      ? `# encryption:
#   recipients: ["age1…"]   # with backup.secrets: encrypt; \`age-keygen\` makes a key pair
`
      : `# Whoever makes backups needs the recipient only; it is public. The identity reads the Secrets again: keep its file
# away from the cluster and the bucket, and keep a copy of it. Without it nobody can read them.
encryption:
  recipients: ["${recipient}"]
  # identities: ["\${file:${identityFile}}"]   # only where Secrets are read
`;
  return `# Stage 1. ${meaning[secrets]}
backup:
  secrets: ${secrets}
  # filter:
  #   namespaces: { exclude: ["kube-*"] }   # docs/what-is-taken.md

${encryption}`;
}

function signingText({ signingPublicKey, signingKeyFile }: TemplateKeys): string {
  if (signingPublicKey === undefined) {
    return `# Manifests are not signed: whoever can write to the store can forge a snapshot.
# signing:
#   key: "\${file:./signing-key.pem}"   # openssl genpkey -algorithm ed25519
#   trusted: ["…"]                      # the public key, for those who only read
`;
  }
  return `# Manifests are signed with the key, and only signed ones are believed. Readers need \`trusted\` only.
signing:
  key: "\${file:${signingKeyFile}}"
  trusted: ["${signingPublicKey}"]
`;
}

const RETENTION = `# Which snapshots stay; without this all of them do. The newest and the newest complete one are never removed.
# retention: { within: 30d, weekly: 8, monthly: 12 }
`;

function announceText({ webhookKeyFile }: TemplateKeys): string {
  if (webhookKeyFile === undefined) {
    return `# How stage 2 learns of a new snapshot: docs/unattended.md. Without this it has a schedule of its own; a signed
# call goes faster than a Job: \`kubeferry init --webhook\` makes its key.
# announce: { via: job, cronJob: { name: kubeferry-gitops } }
`;
  }
  return `# The key that backups sign their calls with and \`kubeferry gitops serve\` checks them with: docs/unattended.md.
webhook:
  keys: ["\${file:${webhookKeyFile}}"]
# Where backups run: who is called once a snapshot is committed.
# announce: { via: webhook, url: "https://kubeferry.ops.svc:8443/v1/backup-complete" }
`;
}

const GITOPS = `# Stage 2: from the store to a Git repository. Nothing in any cluster changes before somebody merges.
# \`kubeferry gitops --dry-run\` shows what would be proposed, \`kubeferry gitops explain <namespace>\` why.
# gitops:
#   namespaces: ["shop", "team-*"]
#   repository:
#     url: https://git.example.com/acme/fleet.git
#     platform: gitea            # opens the pull request; left out, the branch is pushed
#     token: "\${GIT_TOKEN}"
#   # What an environment does differently counts where it is deployed to another cluster than it is made from:
#   # docs/environments.md
#   environments:
#     dev: {}       # { destination: { cluster: <domain>/<name> }, replicas: 1 }
#     test: {}      # replicas: 1
#     preprod: {}   # replicas: 2
#     prod: { destination: { server: "https://kubernetes.default.svc" }, autoSync: false }   # replicas: 3
#   secrets: { mode: omit }   # names only; external-secret, sops or sealed-secret: docs/secrets-in-git.md
#   validation: { preset: default }   # or strict, and policies of your own: docs/policies.md
#   layout: namespaces        # or clusters: docs/sources-and-layouts.md
`;

// JSON is YAML; what people typed is never a reference.
function quoted(text: string): string {
  return JSON.stringify(text.replaceAll("${", "$${"));
}
