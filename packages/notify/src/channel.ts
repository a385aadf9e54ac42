import type { NetworkConfig } from "@kubeferry/shared-config";
import type { Message } from "./message.ts";

/** A way to people. Tries, time limits and the choice of messages are not its business. */
export interface Channel {
  /**
   * Sends a message once.
   * @throws NotifyError "unavailable" when another try may help, "refused" or "invalid" when not; the signal's reason
   * when aborted
   */
  send(message: Message, signal: AbortSignal): Promise<void>;
}

/** What a channel is opened with besides its own settings. */
export interface Surroundings {
  /** Its name in the configuration, for errors. */
  readonly name: string;
  readonly network: NetworkConfig;
  readonly now: () => Date;
}
