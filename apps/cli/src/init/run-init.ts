import { access, mkdir, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { DEFAULT_FILE, loadConfig } from "@kubeferry/shared-config";
import { ExitCode } from "../exit-code.ts";
import { note, print } from "../present/print.ts";
import { reportProblem } from "../present/problem.ts";
import { type Answers, collectAnswers, type InitArguments } from "./answers.ts";
import { askOn } from "./ask.ts";
import { InitError } from "./init-error.ts";
import { makeAgeKeys, makeSigningKeys, makeWebhookKey } from "./keys.ts";
import { configTemplate, type TemplateKeys } from "./template.ts";

const IDENTITY_FILE = "kubeferry-identity.txt";
const SIGNING_FILE = "kubeferry-signing-key.pem";
const WEBHOOK_FILE = "kubeferry-webhook-key.txt";

/** Writes a first configuration and the keys it names; nothing that is there is written over. @returns 0, or 2 when nothing was written */
export async function runInit(args: InitArguments): Promise<number> {
  try {
    const config = resolve(args.output);
    await refuseExisting([config]);
    const answers = await answersOf(args);
    await checkAnswers(answers);
    await write(config, answers);
    return ExitCode.done;
  } catch (error) {
    return reportProblem(error, undefined);
  }
}

async function answersOf(args: InitArguments): Promise<Answers> {
  if (args.yes || !process.stdin.isTTY) return collectAnswers(args, undefined);
  note("Answers in brackets are taken for an empty line.");
  const ask = askOn(process.stdin, process.stderr);
  try {
    return await collectAnswers(args, ask);
  } finally {
    ask.close();
  }
}

/** Answers are held against the schema before anything is written. @throws ConfigError */
async function checkAnswers({ store, clusterName, clusterDomain }: Answers): Promise<void> {
  const ofStore =
    store.type === "folder"
      ? { "store.path": store.path }
      : { "store.endpoint": store.endpoint === "" ? undefined : store.endpoint, "store.bucket": store.bucket };
  const named = { "cluster.name": clusterName || undefined, "cluster.domain": clusterDomain || undefined };
  const env = { MINIO_ENDPOINT: "https://localhost", MINIO_ACCESS_KEY: "unknown", MINIO_SECRET_KEY: "unknown" };
  const flags = { "store.type": store.type, ...ofStore, ...named };
  await loadConfig({ files: [], env, flags, cwd: resolve("/") });
}

async function write(config: string, answers: Answers): Promise<void> {
  const folder = dirname(config);
  const { keys, named } = await makeKeys(answers);
  await refuseExisting(keys.map(({ file }) => join(folder, file)));
  const text = configTemplate(answers, named);
  await mkdir(folder, { recursive: true });
  // The keys first: a configuration never names a key that is not there.
  for (const key of keys) await writeFile(join(folder, key.file), key.text, { flag: "wx", mode: 0o600 });
  await writeFile(config, text, { flag: "wx" });
  print([config, ...keys.map(({ file, use }) => `${join(folder, file)}   private: ${use}`)].join("\n"));
  note(nextSteps(config, answers));
}

/** A private key that is written beside the configuration. */
interface KeyFile {
  readonly file: string;
  readonly text: string;
  /** What whoever has it can do. */
  readonly use: string;
}

async function makeKeys(answers: Answers): Promise<{ keys: readonly KeyFile[]; named: TemplateKeys }> {
  const age = answers.secrets === "encrypt" ? await makeAgeKeys() : undefined;
  const signer = answers.signing ? await makeSigningKeys() : undefined;
  const keys = [
    ...(age === undefined
      ? []
      : [{ file: IDENTITY_FILE, text: age.privateText, use: "reads the Secrets of all backups" }]),
    ...(signer === undefined ? [] : [{ file: SIGNING_FILE, text: signer.privateText, use: "signs snapshots" }]),
    ...(answers.webhook ? [{ file: WEBHOOK_FILE, text: makeWebhookKey(), use: "signs calls, and checks them" }] : []),
  ];
  const named = {
    identityFile: `./${IDENTITY_FILE}`,
    signingKeyFile: `./${SIGNING_FILE}`,
    ...(answers.webhook ? { webhookKeyFile: `./${WEBHOOK_FILE}` } : {}),
    ...(age === undefined ? {} : { recipient: age.publicText }),
    ...(signer === undefined ? {} : { signingPublicKey: signer.publicText }),
  };
  return { keys, named };
}

async function refuseExisting(paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    const there = await access(path).then(
      () => true,
      () => false,
    );
    if (!there) continue;
    throw new InitError({
      kind: "exists",
      who: "init",
      operation: `write ${path}`,
      problem: "the file is there already, and nothing was written",
      next: "name another one with --output in another folder, or move it away",
    });
  }
}

function nextSteps(config: string, { store, secrets, signing, webhook }: Answers): string {
  const option = config === resolve(DEFAULT_FILE) ? "" : ` --config ${config}`;
  const steps = [
    ...(secrets === "encrypt"
      ? [
          `Copy ${IDENTITY_FILE} to a safe place and take it away from here: backups do not need it, and without it nobody reads the Secrets again.`,
        ]
      : []),
    ...(signing ? [`Keep ${SIGNING_FILE} where backups run, and nowhere else. Commit no key.`] : []),
    ...(webhook
      ? [`Give ${WEBHOOK_FILE} to both ends of the call: where backups run and where \`kubeferry gitops serve\` does.`]
      : []),
    ...(store.type === "s3"
      ? [`Set ${store.endpoint === "" ? "MINIO_ENDPOINT, " : ""}MINIO_ACCESS_KEY and MINIO_SECRET_KEY.`]
      : []),
    `kubeferry config validate${option}`,
    `kubeferry doctor${option}`,
    `kubeferry backup${option}`,
  ];
  return `\nNext:\n${steps.map((step, index) => `${index + 1}. ${step}`).join("\n")}`;
}
