import type { SecretsMode } from "@kubeferry/model";
import type { Ask } from "./ask.ts";

/** What `kubeferry init` is told by flags. */
export interface InitArguments {
  readonly output: string;
  readonly store?: "folder" | "s3";
  readonly path?: string;
  readonly endpoint?: string;
  readonly bucket?: string;
  readonly clusterName?: string;
  readonly clusterDomain?: string;
  readonly secrets?: SecretsMode;
  readonly signing?: boolean;
  readonly webhook?: boolean;
  readonly yes: boolean;
}

/** Where snapshots are to go. `endpoint` "": taken from the environment. */
export type StoreAnswer =
  | { readonly type: "folder"; readonly path: string }
  | { readonly type: "s3"; readonly endpoint: string; readonly bucket: string };

/** What a first configuration is made of. Empty names are left to be identified. */
export interface Answers {
  readonly store: StoreAnswer;
  readonly clusterName: string;
  readonly clusterDomain: string;
  readonly secrets: SecretsMode;
  readonly signing: boolean;
  /** A key that backup-complete calls are signed with. Never asked for: most begin without. */
  readonly webhook: boolean;
}

/**
 * Takes what flags say and asks for the rest.
 * @param ask undefined: nobody is there to ask, so defaults hold
 */
export async function collectAnswers(args: InitArguments, ask: Ask | undefined): Promise<Answers> {
  return {
    store: await storeAnswer(args, ask),
    clusterName: args.clusterName ?? (await ask?.text("Name of the cluster (empty: identified from it)", "")) ?? "",
    clusterDomain: args.clusterDomain ?? "",
    secrets: args.secrets ?? (await ask?.choice(SECRETS_QUESTION, SECRETS)) ?? "encrypt",
    webhook: args.webhook ?? false,
    signing: args.signing ?? (await ask?.choice(SIGNING_QUESTION, ["no", "yes"])) === "yes",
  };
}

const SECRETS = ["encrypt", "withhold", "omit", "plain"] as const;
const SECRETS_QUESTION = "Secrets: encrypted to a key pair made now, values withheld, omitted, or in clear text";
const SIGNING_QUESTION = "Sign snapshots with a key pair made now";

async function storeAnswer(args: InitArguments, ask: Ask | undefined): Promise<StoreAnswer> {
  const type =
    args.store ?? impliedType(args) ?? (await ask?.choice("Where snapshots go", ["folder", "s3"])) ?? "folder";
  if (type === "folder") {
    return { type, path: args.path ?? (await ask?.text("The folder", "./store")) ?? "./store" };
  }
  const endpoint = args.endpoint ?? (await ask?.text("URL of the server (empty: MINIO_ENDPOINT)", "")) ?? "";
  const bucket = args.bucket ?? (await ask?.text("Bucket", "cluster-backups")) ?? "cluster-backups";
  return { type, endpoint, bucket };
}

/** Only an S3 store has a bucket, only a folder a path. */
function impliedType({ path, endpoint, bucket }: InitArguments): StoreAnswer["type"] | undefined {
  if (endpoint !== undefined || bucket !== undefined) return "s3";
  return path === undefined ? undefined : "folder";
}
