import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A key pair made by ssh-keygen. */
export interface SshKeyPair {
  /** Mode 0600. */
  readonly file: string;
  /** The private key. */
  readonly text: string;
  /** "ssh-ed25519 AAAA… test". */
  readonly publicKey: string;
}

/** Makes an ed25519 pair in a folder. The passphrase stands in an argument here, which is what the product avoids. */
export function sshKeyPair(folder: string, name: string, passphrase = ""): SshKeyPair {
  const file = join(folder, name);
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-C", "test", "-N", passphrase, "-f", file]);
  return { file, text: readFileSync(file, "utf8"), publicKey: readFileSync(`${file}.pub`, "utf8").trim() };
}

/** An OpenPGP key made by gpg, and how its signatures are checked. */
export interface GpgKey {
  /** Armoured. */
  readonly privateKey: string;
  readonly publicKey: string;
  readonly fingerprint: string;
  /** A keyring that holds the public key only, for `GNUPGHOME`. */
  readonly verifierHome: string;
}

/** Makes an ed25519 signing key in a keyring of its own, whose agent has ended when this returns. */
export function gpgKey(folder: string, passphrase: string): GpgKey {
  const home = gpgHome(join(folder, "maker"));
  const unlocked = ["--pinentry-mode", "loopback", "--passphrase", passphrase];
  gpg(home, [...unlocked, "--quick-generate-key", "Ferry <ferry@example.com>", "ed25519", "sign", "never"]);
  const listing = gpg(home, ["--with-colons", "--list-keys"]);
  const fingerprint = /^fpr:+([0-9A-F]+):/m.exec(listing)?.[1] ?? "";
  const privateKey = gpg(home, [...unlocked, "--armor", "--export-secret-keys", fingerprint]);
  const publicKey = gpg(home, ["--armor", "--export", fingerprint]);
  endAgent(home);
  const verifierHome = gpgHome(join(folder, "verifier"));
  gpg(verifierHome, ["--import"], publicKey);
  return { privateKey, publicKey, fingerprint, verifierHome };
}

function gpgHome(folder: string): string {
  mkdirSync(folder, { mode: 0o700 });
  writeFileSync(join(folder, "gpg-agent.conf"), "s2k-count 65536\n"); // its keys guard nothing
  return folder;
}

function gpg(home: string, args: readonly string[], input = ""): string {
  const env = { ...process.env, GNUPGHOME: home };
  return execFileSync("gpg", ["--batch", "--quiet", ...args], { env, input, encoding: "utf8", stdio: "pipe" });
}

/** Ends the agent of a keyring; one that does not run is fine. */
function endAgent(home: string): void {
  execFileSync("gpgconf", ["--kill", "gpg-agent"], { env: { ...process.env, GNUPGHOME: home } });
}
