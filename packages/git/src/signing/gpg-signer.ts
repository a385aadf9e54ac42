import { Buffer } from "node:buffer";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Call, silentLog } from "@kubeferry/model";
import { GitError } from "../git-error.ts";
import { keyFileOf } from "../private-key.ts";
import { type ProgramAnswer, runProgram } from "../run-program.ts";
import type { CommitSigning, Signer, SignerPlace } from "./signer.ts";

const SETTING = { operation: "use commit.signing", section: "commit.signing" };

/**
 * Signs by gpg, which git calls, with a keyring of its own that holds this one key. gpg reads the passphrase from a file
 * beside it, for the owner only: git leaves no way to hand gpg an open file. Both go when the work tree is closed.
 */
export async function prepareGpg(signing: CommitSigning, place: SignerPlace, call: Call): Promise<Signer> {
  const home = join(place.folder, "gnupg");
  await writeHome(home, signing);
  const variables = { GNUPGHOME: home };
  const environment = { ...place.environment, ...variables };
  const close = () => endAgent(environment);
  try {
    const keyring = createKeyring(environment, call);
    const keyFile = await keyFileOf(signing, place.folder, SETTING);
    const id = await keyring.import(await readFile(keyFile));
    await keyring.trySigning(id, signing.passphrase !== undefined);
    return {
      config: [
        ["gpg.format", "openpgp"],
        ["user.signingKey", id],
      ],
      variables,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/**
 * Nothing asks a person, looks for a smart card, or stays when the folder is gone. Nor does the agent take seconds to find
 * out how long guessing passphrases is to take on this machine: this keyring's lies beside it.
 */
const AGENT = ["disable-scdaemon", "pinentry-program /bin/false", "s2k-count 65536"];

async function writeHome(home: string, { passphrase }: CommitSigning): Promise<void> {
  await mkdir(home, { mode: 0o700 });
  const file = join(home, "passphrase");
  // One line is read, so that an empty one stands for a key without passphrase.
  await writeFile(file, `${passphrase?.reveal() ?? ""}\n`, { mode: 0o600 });
  const options = ["batch", "no-tty", "pinentry-mode loopback", `passphrase-file ${file}`];
  await writeFile(join(home, "gpg.conf"), `${options.join("\n")}\n`, { mode: 0o600 });
  await writeFile(join(home, "gpg-agent.conf"), `${AGENT.join("\n")}\n`, { mode: 0o600 });
}

interface Keyring {
  /** @returns the fingerprint of the one private key */
  import(key: Uint8Array): Promise<string>;
  trySigning(id: string, hasPassphrase: boolean): Promise<void>;
}

function createKeyring(environment: Readonly<Record<string, string>>, call: Call): Keyring {
  const gpg = (args: readonly string[], input?: Uint8Array) => runGpg(args, environment, input, call);
  return {
    async import(key) {
      await gpg(["--import"], key);
      const listing = await gpg(["--with-colons", "--list-secret-keys"]);
      const ids = fingerprints(listing.stdout);
      const [id] = ids;
      if (id === undefined)
        throw invalid("it holds no OpenPGP private key", "export it with gpg --armor --export-secret-keys");
      if (ids.length > 1) throw invalid(`it holds ${ids.length} private keys`, "export the one that is to sign");
      return id;
    },
    async trySigning(id, hasPassphrase) {
      const answer = await gpg(["--armor", "--detach-sign", "--local-user", id], Buffer.from("kubeferry\n"));
      if (answer.exitCode === 0) return;
      if (!/passphrase|pinentry/i.test(answer.stderr))
        throw invalid(`the key does not sign (gpg: ${said(answer)})`, "check its expiry and its usage");
      throw hasPassphrase
        ? invalid("the passphrase does not open the private key", "check commit.signing.passphrase")
        : invalid("the private key is encrypted with a passphrase", "set commit.signing.passphrase");
    },
  };
}

function runGpg(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  input: Uint8Array | undefined,
  call: Call,
): Promise<ProgramAnswer> {
  const program = { name: "gpg", package: "GnuPG", args, environment, ...(input === undefined ? {} : { input }) };
  return runProgram(program, SETTING.operation, call);
}

/** Fingerprints of the primary keys: the "fpr" line after each "sec" line. */
function fingerprints(listing: string): readonly string[] {
  const rows = listing.split("\n").map((line) => line.split(":"));
  const primary = rows.flatMap(([type], at) => (type === "sec" ? [at] : []));
  return primary.flatMap((at) => rows.slice(at).find(([type]) => type === "fpr")?.[9] ?? []);
}

/** The agent ends by itself when its folder is gone, a while later; it holds the opened key until then. */
async function endAgent(environment: Readonly<Record<string, string>>): Promise<void> {
  const program = { name: "gpgconf", package: "GnuPG", args: ["--kill", "gpg-agent"], environment };
  const unhurried: Call = { signal: new AbortController().signal, log: silentLog };
  await runProgram(program, "end the signing agent", unhurried).catch(() => undefined);
}

function said({ stderr }: ProgramAnswer): string {
  const line = stderr.split("\n").find((text) => text.startsWith("gpg: ")) ?? "";
  return line
    .replace(/^gpg: /, "")
    .replace(/[^\w .,:'()-]/g, "")
    .slice(0, 120);
}

function invalid(problem: string, next: string): GitError {
  return new GitError({ kind: "invalid", who: "git", operation: SETTING.operation, problem, next });
}
