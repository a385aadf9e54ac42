import { constants } from "node:fs";
import { access, stat, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Call, Secret } from "@kubeferry/model";
import { GitError } from "./git-error.ts";
import { failureOf } from "./git-failure.ts";
import { runProgram } from "./run-program.ts";

/** A private key: in a file, or as its text. One of the two. */
export interface PrivateKey {
  readonly keyFile?: string;
  readonly key?: Secret;
  /** What the key is encrypted with. */
  readonly passphrase?: Secret;
}

/** Which setting a key comes from, for errors. */
export interface KeySetting {
  /** "use repository.ssh", for errors. */
  readonly operation: string;
  /** "repository.ssh": where `keyFile`, `key` and `passphrase` stand. */
  readonly section: string;
}

/**
 * Gives the file that a private key is in; a key given as text is written to a private folder, for its owner only.
 * @throws GitError "invalid" for a file that is not there, cannot be read, or is open to others
 */
export async function keyFileOf(key: PrivateKey, folder: string, setting: KeySetting): Promise<string> {
  if (key.keyFile !== undefined) return checkKeyFile(resolve(key.keyFile), setting);
  const place = join(folder, "key");
  // OpenSSH wants the last line ended, which a variable or a mounted file often has lost.
  const text = `${(key.key?.reveal() ?? "").replaceAll("\r\n", "\n").trim()}\n`;
  await writeFile(place, text, { mode: 0o600, flag: "wx" });
  return place;
}

async function checkKeyFile(file: string, setting: KeySetting): Promise<string> {
  const stats = await stat(file).catch((cause: NodeJS.ErrnoException) => {
    throw unreadable(file, cause.code === "ENOENT" ? "there is no such file" : "it cannot be read", setting);
  });
  if (!stats.isFile()) throw unreadable(file, "it is not a file", setting);
  // As OpenSSH sees it: a file of somebody else (a mounted Secret of root's) was given to us with the mode it has.
  if (stats.uid === process.getuid?.() && (stats.mode & 0o077) !== 0) throw tooOpen(file, stats.mode, setting);
  await access(file, constants.R_OK).catch(() => {
    throw unreadable(file, "it cannot be read", setting);
  });
  return file;
}

/**
 * Opens an OpenSSH key once, so that a wrong passphrase or a broken key is said before anybody is asked for anything.
 * @param environment with the variables of `answerPassphrase`
 * @returns its public key, "ssh-ed25519 AAAA…"
 * @throws GitError "invalid"
 */
export async function openSshKey(
  file: string,
  { hasPassphrase, ...setting }: KeySetting & { readonly hasPassphrase: boolean },
  environment: Readonly<Record<string, string>>,
  call: Call,
): Promise<string> {
  const { operation } = setting;
  const program = { name: "ssh-keygen", package: "OpenSSH's client", args: ["-y", "-f", file], environment };
  const { exitCode, stdout, stderr } = await runProgram(program, operation, call);
  if (exitCode === 0) return stdout.trim();
  if (/No user exists for uid/.test(stderr)) throw failureOf(operation, { exitCode, stdout, stderr });
  const wrong = /incorrect passphrase/i.test(stderr);
  if (!wrong)
    throw invalid(
      setting,
      `it is no private key that OpenSSH reads${said(stderr, file)}`,
      "give the private key itself, not the .pub file",
    );
  throw hasPassphrase
    ? invalid(setting, "the passphrase does not open the private key", `check ${setting.section}.passphrase`)
    : invalid(setting, "the private key is encrypted with a passphrase", `set ${setting.section}.passphrase`);
}

/** Why, in OpenSSH's words: what stands behind the last colon, since the rest names our own temporary file. */
function said(stderr: string, file: string): string {
  const line = stderr.replaceAll(file, "").trim().split("\n").at(-1) ?? "";
  const reason =
    line
      .split(": ")
      .at(-1)
      ?.replace(/[^\w .,'()-]/g, "")
      .trim() ?? "";
  return reason === "" ? "" : ` (${reason.slice(0, 80)})`;
}

function unreadable(file: string, problem: string, setting: KeySetting): GitError {
  return invalid(setting, `${file}: ${problem}`, `check ${setting.section}.keyFile`);
}

function tooOpen(file: string, mode: number, setting: KeySetting): GitError {
  const shown = (mode & 0o777).toString(8).padStart(4, "0");
  return invalid(setting, `${file}: others may read this private key (mode ${shown})`, `chmod 600 ${file}`);
}

function invalid({ operation }: KeySetting, problem: string, next: string): GitError {
  return new GitError({ kind: "invalid", who: "git", operation, problem, next });
}
