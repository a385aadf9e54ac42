import type { Call } from "@kubeferry/model";
import type { NewsMemory, Notification } from "@kubeferry/notify";
import type { Config } from "@kubeferry/shared-config";
import { redactText } from "@kubeferry/telemetry";
import { openConfiguredStore } from "../compose/connect.ts";

/** Tells people of runs, where that is configured. It knows what this process told, however often it is asked. */
export interface Telling {
  /**
   * Never throws: a run is not worse because nobody could be told of it, nor is a finished one stopped.
   * @param key where in the store the memory of the subject lies; undefined where that is not known
   */
  tell(news: Notification, key: string | undefined, config: Config, call: Call): Promise<void>;
}

/** Loads nothing before there is something to tell. */
export function createTelling(): Telling {
  const state: { beside?: NewsMemory } = {};
  return {
    async tell(news, key, config, call) {
      if (!config.notifications.enabled) return;
      try {
        await tellNow(news, key, config, call);
      } catch (error) {
        if (!call.signal.aborted) call.log.warn("nobody could be told", { operation: "notify", error });
      }
    },
  };

  async function tellNow(news: Notification, key: string | undefined, config: Config, call: Call): Promise<void> {
    const { notifications: settings, network } = config;
    const { createNotifier, createProcessMemory, createStoredMemory } = await import("@kubeferry/notify");
    state.beside ??= createProcessMemory();
    const { beside } = state;
    const open = () => openConfiguredStore(config);
    const memory =
      key === undefined ? beside : createStoredMemory({ open, key, patienceMs: settings.timeoutMs }, beside);
    await createNotifier({ settings, network, redact: redactText }).tell(news, memory, call);
  }
}
