import type { Call } from "@kubeferry/model";
import { answerPassphrase } from "../passphrase.ts";
import { keyFileOf, openSshKey } from "../private-key.ts";
import type { CommitSigning, Signer, SignerPlace } from "./signer.ts";

const SETTING = { operation: "use commit.signing", section: "commit.signing" };

/** Signs by `ssh-keygen -Y sign`, which git calls. */
export async function prepareSshSigning(
  signing: CommitSigning,
  { folder, environment }: SignerPlace,
  call: Call,
): Promise<Signer> {
  const keyFile = await keyFileOf(signing, folder, SETTING);
  const variables = await answerPassphrase(folder, "askpass-signing", signing.passphrase);
  const setting = { ...SETTING, hasPassphrase: signing.passphrase !== undefined };
  await openSshKey(keyFile, setting, { ...environment, ...variables }, call);
  return {
    config: [
      ["gpg.format", "ssh"],
      ["user.signingKey", keyFile],
    ],
    variables,
    close: () => Promise.resolve(),
  };
}
