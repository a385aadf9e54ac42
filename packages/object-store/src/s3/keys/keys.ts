import type { Call, Secret } from "@kubeferry/model";

/** What signs requests. */
export interface Keys {
  readonly accessKey: Secret;
  readonly secretKey: Secret;
  /** Goes with keys that were lent for a while. */
  readonly sessionToken?: Secret;
  /** When they stop working; undefined for keys without an end. */
  readonly expiresAt?: Date;
}

/** Where keys come from. */
export interface KeySource {
  /** For people, without any value: "the web identity in /var/run/secrets/token". */
  readonly description: string;
  /**
   * Keys that are good now.
   * @throws StorageError "denied" when there are none, "unavailable" when who lends them does not answer; AbortError
   */
  current(call: Call): Promise<Keys>;
  /**
   * Called when a server has refused these keys.
   * @returns whether `current` gives others now, so that asking again makes sense
   */
  renewed(refused: Keys, call: Call): Promise<boolean>;
}
