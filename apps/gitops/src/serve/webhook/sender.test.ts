import { expect, it } from "vitest";
import { signed } from "../testing/calls.ts";
import { openReceiver } from "../testing/open-receiver.ts";
import { createProxyTrust } from "./sender.ts";

type Setting = readonly string[] | undefined;

/** Calls three times, each time as another sender by the header's word. @returns answers and who the log says it was */
async function callsThrough(trustedProxies: Setting, headers: readonly string[], callsPerMinute = 2) {
  const settings = { callsPerMinute, ...(trustedProxies === undefined ? {} : { trustedProxies }) };
  const { url, key, log } = await openReceiver({ settings });
  const statuses: number[] = [];
  for (const header of headers) {
    const { headers: own, ...call } = signed(key);
    const response = await fetch(url, { ...call, headers: { ...own, "x-forwarded-for": header } });
    statuses.push(response.status);
  }
  return { statuses, from: log.filter(({ operation }) => operation === "serve_call").map(({ from }) => from) };
}

const THREE = ["192.0.2.1", "192.0.2.2", "2001:db8::3"];

it("believes nobody's word about the sender of a call unless that is said", async () => {
  expect(await callsThrough(undefined, THREE)).toEqual({
    statuses: [202, 202, 429],
    from: ["127.0.0.1", "127.0.0.1"],
  });
});

it("believes no address but those that are listed", async () => {
  expect((await callsThrough(["127.0.0.2", "10.0.0.0/8"], THREE)).statuses).toEqual([202, 202, 429]);
});

it.each([["127.0.0.1"], ["127.0.0.0/8"]])("counts each sender behind a proxy of %s for itself", async (proxy) => {
  expect(await callsThrough([proxy], THREE)).toEqual({ statuses: [202, 202, 202], from: THREE });
});

it("believes what a trusted proxy added, and nothing that the sender wrote before it", async () => {
  const forged = ["198.51.100.1, 192.0.2.9", "198.51.100.2, 192.0.2.9", "198.51.100.3, 192.0.2.9"];
  expect(await callsThrough(["127.0.0.1"], forged)).toEqual({
    statuses: [202, 202, 429],
    from: ["192.0.2.9", "192.0.2.9"],
  });
});

it.each(["somebody", "", "192.0.2.1:4711", "a\u009bb"])("takes no text for an address: %j", async (text) => {
  expect((await callsThrough(["127.0.0.1"], [text])).from).toEqual(["127.0.0.1"]);
});

it("knows an address of IPv4 on a listener of IPv6", () => {
  const trusts = createProxyTrust(() => ["10.0.0.0/8", "2001:db8::/32"]);
  expect(["::ffff:10.1.2.3", "10.1.2.3", "2001:db8::1"].map(trusts)).toEqual([true, true, true]);
  expect(["::ffff:11.1.2.3", "11.1.2.3", "2001:db9::1", "", "somebody"].map(trusts)).not.toContain(true);
});
