import { writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Call } from "@kubeferry/model";
import { answerPassphrase } from "../passphrase.ts";
import { keyFileOf, openSshKey, type PrivateKey } from "../private-key.ts";
import { type SshOption, sshCommand } from "./ssh-command.ts";

/** How git is let in by SSH. Without a key: the SSH agent and the user's default keys. */
export interface SshAccess extends PrivateKey {
  /** The host's public keys, as `ssh-keyscan` writes them; with neither, the user's and the system's known hosts. */
  readonly knownHostsFile?: string;
  /** Their lines. */
  readonly knownHosts?: string;
  /** "strict" when left out: a host whose key is not known is refused. "accept-new": it is trusted at first sight, and
   * kept in `knownHostsFile` where there is one. A key that differs from the known one is always refused. */
  readonly hostKeys?: "strict" | "accept-new";
}

const SETTING = { operation: "use repository.ssh", section: "repository.ssh" };

/**
 * Prepares ssh for git: no configuration of the user, no question to anybody, a key and known hosts of our own where
 * they are given.
 * @param folder private; keys given as text lie there until it is removed
 * @param environment what every program of ours is given
 * @returns the variables for commands that talk to the remote
 * @throws GitError "invalid" for a key that cannot be used
 */
export async function prepareSsh(
  access: SshAccess,
  folder: string,
  environment: Readonly<Record<string, string>>,
  call: Call,
): Promise<Readonly<Record<string, string>>> {
  const hosts = await knownHostOptions(access, folder);
  if (access.keyFile === undefined && access.key === undefined) {
    return { GIT_SSH_COMMAND: sshCommand([["BatchMode", "yes"], ...hosts]) };
  }
  const keyFile = await keyFileOf(access, folder, SETTING);
  const passphrase = await answerPassphrase(folder, "askpass-access", access.passphrase);
  const setting = { ...SETTING, hasPassphrase: access.passphrase !== undefined };
  await openSshKey(keyFile, setting, { ...environment, ...passphrase }, call);
  const key: SshOption[] = [
    ["IdentityFile", keyFile],
    ["IdentitiesOnly", "yes"],
    ["IdentityAgent", "none"],
  ];
  if (access.passphrase === undefined) {
    return { GIT_SSH_COMMAND: sshCommand([["BatchMode", "yes"], ...hosts, ...key]) };
  }
  // In batch mode ssh asks nobody, the script included; nothing but the key's passphrase is left to be asked for.
  return { GIT_SSH_COMMAND: sshCommand([["BatchMode", "no"], ...hosts, ...key]), ...passphrase };
}

async function knownHostOptions(access: SshAccess, folder: string): Promise<readonly SshOption[]> {
  const { knownHostsFile, knownHosts, hostKeys = "strict" } = access;
  const checking: SshOption = ["StrictHostKeyChecking", hostKeys === "strict" ? "yes" : "accept-new"];
  if (knownHostsFile !== undefined) return [checking, ...onlyKnownFrom(resolve(knownHostsFile))];
  if (knownHosts === undefined && hostKeys === "strict") return [checking];
  const file = join(folder, "known_hosts");
  await writeFile(file, knownHosts === undefined ? "" : `${knownHosts.trim()}\n`, { mode: 0o600 });
  if (knownHosts !== undefined) return [checking, ...onlyKnownFrom(file)];
  // What is new goes to the first file, which does not outlive the run; what the user knows still counts.
  return [checking, ["UserKnownHostsFile", file, "~/.ssh/known_hosts"]];
}

function onlyKnownFrom(file: string): readonly SshOption[] {
  return [
    ["UserKnownHostsFile", file],
    ["GlobalKnownHostsFile", "/dev/null"],
  ];
}
