import { describe, expect, it, onTestFinished } from "vitest";
import type { Channel } from "./channel.ts";
import { failed } from "./testing/surroundings.ts";

/** How the other end behaves: it takes messages, does not take them, says to come later, or says nothing. */
export type Behaviour = "takes" | "refuses" | "away" | "silent" | "gone";

/** A channel whose other end is a server on this machine. */
export interface OpenChannel {
  readonly channel: Channel;
  /** What arrived, each as one text. */
  arrived(): readonly string[];
  close(): Promise<void>;
}

/** What every channel promises. @param secret is in the channel's settings, and may be in no error */
export function channelContract(
  name: string,
  open: (behaviour: Behaviour) => Promise<OpenChannel>,
  secret: string,
): void {
  describe(`${name} keeps the channel contract`, () => {
    const opened = async (behaviour: Behaviour): Promise<OpenChannel> => {
      const one = await open(behaviour);
      onTestFinished(() => one.close());
      return one;
    };
    const errorOf = ({ channel }: OpenChannel, signal = new AbortController().signal): Promise<unknown> =>
      channel.send(failed, signal).then(
        () => "sent",
        (error: unknown) => error,
      );

    it("brings title, text, link, run and trace to the other end, once", async () => {
      const one = await opened("takes");
      await one.channel.send(failed, new AbortController().signal);
      const [arrived = "", ...others] = one.arrived();
      for (const part of [failed.title, failed.text, failed.link ?? "", failed.runId, failed.traceId])
        expect(arrived).toContain(part);
      expect(others).toEqual([]);
    });

    it("calls it refused when another try would not help, and names the channel and nothing secret", async () => {
      const error = await errorOf(await opened("refuses"));
      expect(error).toMatchObject({ name: "NotifyError", kind: "refused", who: "channel ops" });
      expect(String(error)).not.toContain(secret);
    });

    it.each(["away", "gone"] as const)("calls it unavailable when another try may help: %s", async (behaviour) => {
      const error = await errorOf(await opened(behaviour));
      expect(error).toMatchObject({ name: "NotifyError", kind: "unavailable" });
      expect(String(error)).not.toContain(secret);
    });

    it("leaves another end that says nothing when it is told to", async () => {
      const one = await opened("silent");
      const signal = AbortSignal.timeout(150);
      expect(await errorOf(one, signal)).toBe(signal.reason);
    });
  });
}
