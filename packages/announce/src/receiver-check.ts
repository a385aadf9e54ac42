import { z } from "zod";
import { ID, shown, TIME } from "./attributes.ts";

/** The CloudEvents type of a call that asks for nothing: whoever sends it wants to know whether a call would be taken. */
export const RECEIVER_CHECK = "io.kubeferry.receiver.check";

/** Reads what travels. */
export const receiverCheckSchema = z.object({
  specversion: z.literal("1.0"),
  id: ID,
  source: shown(520),
  type: z.literal(RECEIVER_CHECK),
  time: TIME,
});

/** The event as it travels: it has no data. */
export type ReceiverCheckEvent = Readonly<z.output<typeof receiverCheckSchema>>;

/** @param id unique for each */
export function receiverCheckEvent({ id, now }: { readonly id: string; readonly now: Date }): ReceiverCheckEvent {
  return { specversion: "1.0", id, source: "/doctor", type: RECEIVER_CHECK, time: now.toISOString() };
}
