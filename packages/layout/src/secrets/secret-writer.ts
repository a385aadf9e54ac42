import type { GitRef } from "../git-ref.ts";
import type { CleanSecret } from "./clean-secret.ts";

/** Where one environment finds a Secret. */
export interface SecretPlace {
  /** The source cluster. */
  readonly domain: string;
  readonly cluster: string;
  readonly environment: string;
  /** The namespace it is in where the environment is deployed. */
  readonly namespace: string;
  /** When the snapshot was finished. RFC 3339, UTC. */
  readonly takenAt: string;
}

/** What Git holds for one Secret. */
export interface WrittenSecret {
  /** The object in the file. */
  readonly ref: GitRef;
  readonly text: string;
}

/** One way in which Git holds Secrets; chosen once a run by `gitops.secrets.mode`. */
export interface SecretWriter {
  /** Whether it writes values, encrypted, or only needs to know the names of keys. */
  readonly needsValues: boolean;
  /** Whether two calls for one Secret give different bytes. Then a fingerprint says whether the Secret changed. */
  readonly random: boolean;
  /** What the bytes follow from beside the Secret: recipients, a certificate, templates. Public. */
  readonly recipe: string;
  /** What there is to say before the first Secret: a certificate that has expired. */
  readonly warnings: readonly string[];
  /** What tells two places apart: places of which it says the same get the same file. */
  distinguish(place: SecretPlace): string;
  write(secret: CleanSecret, place: SecretPlace): Promise<WrittenSecret>;
}
