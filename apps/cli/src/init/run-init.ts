import { access, mkdir, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { DEFAULT_FILE, loadConfig } from "@kubeferry/shared-config";
import { ExitCode } from "../exit-code.ts";
import { note, print } from "../present/print.ts";
import { reportProblem } from "../present/problem.ts";
import { type Answers, collectAnswers, type InitArguments } from "./answers.ts";
import { askOn } from "./ask.ts";
import { InitError } from "./init-error.ts";
import { type KeyPair, makeAgeKeys, makeSigningKeys } from "./keys.ts";
import { configTemplate } from "./template.ts";

const IDENTITY_FILE = "kubeferry-identity.txt";
const SIGNING_FILE = "kubeferry-signing-key.pem";

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
  const [identity, signing] = [join(folder, IDENTITY_FILE), join(folder, SIGNING_FILE)];
  const encrypts = answers.secrets === "encrypt";
  await refuseExisting([...(encrypts ? [identity] : []), ...(answers.signing ? [signing] : [])]);
  const [age, signer] = [
    encrypts ? await makeAgeKeys() : undefined,
    answers.signing ? await makeSigningKeys() : undefined,
  ];
  const text = configTemplate(answers, {
    identityFile: `./${IDENTITY_FILE}`,
    signingKeyFile: `./${SIGNING_FILE}`,
    ...(age === undefined ? {} : { recipient: age.publicText }),
    ...(signer === undefined ? {} : { signingPublicKey: signer.publicText }),
  });
  await mkdir(folder, { recursive: true });
  // The keys first: a configuration never names a key that is not there.
  if (age !== undefined) await writeKey(identity, age);
  if (signer !== undefined) await writeKey(signing, signer);
  await writeFile(config, text, { flag: "wx" });
  print(written(config, age === undefined ? undefined : identity, signer === undefined ? undefined : signing));
  note(nextSteps(config, answers));
}

async function writeKey(path: string, { privateText }: KeyPair): Promise<void> {
  await writeFile(path, privateText, { flag: "wx", mode: 0o600 });
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

function written(config: string, identity: string | undefined, signing: string | undefined): string {
  const lines = [config];
  if (identity !== undefined) lines.push(`${identity}   private: reads the Secrets of all backups`);
  if (signing !== undefined) lines.push(`${signing}   private: signs snapshots`);
  return lines.join("\n");
}

function nextSteps(config: string, { store, secrets, signing }: Answers): string {
  const option = config === resolve(DEFAULT_FILE) ? "" : ` --config ${config}`;
  const steps = [
    ...(secrets === "encrypt"
      ? [
          `Copy ${IDENTITY_FILE} to a safe place and take it away from here: backups do not need it, and without it nobody reads the Secrets again.`,
        ]
      : []),
    ...(signing ? [`Keep ${SIGNING_FILE} where backups run, and nowhere else. Commit neither key.`] : []),
    ...(store.type === "s3"
      ? [`Set ${store.endpoint === "" ? "MINIO_ENDPOINT, " : ""}MINIO_ACCESS_KEY and MINIO_SECRET_KEY.`]
      : []),
    `kubeferry config validate${option}`,
    `kubeferry doctor${option}`,
    `kubeferry backup${option}`,
  ];
  return `\nNext:\n${steps.map((step, index) => `${index + 1}. ${step}`).join("\n")}`;
}
