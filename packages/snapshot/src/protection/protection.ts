import type { Secret } from "@kubeferry/model";
import { createOpener, createSealer, NO_OPENER, type Opener, type Sealer } from "./age.ts";
import { createSigner, createTrust, type Signer, type Trust, type TrustSettings } from "./signature.ts";

/** The sections `encryption` and `signing` of a configuration. */
export interface ProtectionSettings {
  readonly encryption: { readonly recipients: readonly string[]; readonly identities: readonly Secret[] };
  readonly signing: TrustSettings;
}

/** With what snapshots are written and read: made once from a configuration, used by everything that opens a series. */
export interface Protection {
  /** Undefined without recipients. */
  readonly sealer: Sealer | undefined;
  readonly opener: Opener;
  /** Undefined without a key to sign with. */
  readonly signer: Signer | undefined;
  /** Undefined when no key is configured: signatures are not looked at. */
  readonly trust: Trust | undefined;
}

/**
 * Parses keys once.
 * @throws SnapshotError "invalid" naming the setting of a key that is none, and never the key
 */
export async function createProtection({ encryption, signing }: ProtectionSettings): Promise<Protection> {
  const { recipients, identities } = encryption;
  return {
    sealer: recipients.length === 0 ? undefined : await createSealer(recipients),
    opener: identities.length === 0 ? NO_OPENER : await createOpener(identities),
    signer: signing.key === undefined ? undefined : createSigner(signing.key),
    trust: createTrust(signing),
  };
}
