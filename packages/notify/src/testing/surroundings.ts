import type { Surroundings } from "../channel.ts";
import type { Message } from "../message.ts";

/** What the tests' clock says. */
const NOW = new Date("2026-03-01T02:00:00.000Z");

/** A channel called "ops", without proxies and authorities of its own. */
export const around: Surroundings = { name: "ops", network: { noProxy: [] }, now: () => NOW };

/** A failure of a backup. */
export const failed: Message = {
  format: 1,
  id: "0f0c2c1e-0000-4000-8000-000000000001",
  time: NOW.toISOString(),
  event: "failure",
  component: "backup",
  target: "crc.testing/wrl62",
  title: "backup of crc.testing/wrl62 failed",
  text: "kube: discover: unavailable: no answer; check the API server",
  link: "https://git.example.com/acme/fleet/pulls/7",
  runId: "run-1",
  traceId: "4bf92f3577b34da6a3ce929d0e0e4736",
  failuresInARow: 1,
  failingSince: NOW.toISOString(),
};
