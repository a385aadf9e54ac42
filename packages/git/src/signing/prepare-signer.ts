import type { Call } from "@kubeferry/model";
import { prepareGpg } from "./gpg-signer.ts";
import type { CommitSigning, Signer, SignerPlace } from "./signer.ts";
import { prepareSshSigning } from "./ssh-signer.ts";

/**
 * Makes a key ready for signing, and tries it: nothing has been pushed when it turns out unusable.
 * @throws GitError "invalid" for a key or passphrase that cannot be used; "missing-git" without ssh-keygen or gpg
 */
export function prepareSigner(signing: CommitSigning, place: SignerPlace, call: Call): Promise<Signer> {
  switch (signing.format) {
    case "ssh":
      return prepareSshSigning(signing, place, call);
    case "gpg":
      return prepareGpg(signing, place, call);
    default:
      return signing.format satisfies never;
  }
}
