import type { Setting } from "../git-environment.ts";
import type { PrivateKey } from "../private-key.ts";

/** How commits are signed. */
export interface CommitSigning extends PrivateKey {
  /** "ssh": by ssh-keygen, with an OpenSSH key. "gpg": by gpg, with an OpenPGP key. */
  readonly format: "ssh" | "gpg";
}

/** A key that was tried once and is ready. */
export interface Signer {
  /** Configuration of git for a commit. */
  readonly config: readonly Setting[];
  /** Variables for a commit, secrets in `hiddenText`. */
  readonly variables: Readonly<Record<string, string>>;
  /** Ends what was started for it; its files go with the private folder. */
  readonly close: () => Promise<void>;
}

/** What a signer is made with. */
export interface SignerPlace {
  /** Private, and of the signer alone. */
  readonly folder: string;
  /** What every program of ours is given. */
  readonly environment: Readonly<Record<string, string>>;
}
