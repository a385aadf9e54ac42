import { BlockList, isIP } from "node:net";
import type { FastifyRequest } from "fastify";

/** Says whose word is believed about who sent a call. */
export type ProxyTrust = (address: string) => boolean;

/**
 * @param trusted addresses and networks: "10.128.0.0/14"; read at each call
 */
export function createProxyTrust(trusted: () => readonly string[]): ProxyTrust {
  return (address) => {
    const kind = isIP(address);
    const networks = trusted();
    return kind !== 0 && networks.length > 0 && listOf(networks).check(address, kind === 6 ? "ipv6" : "ipv4");
  };
}

function listOf(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = "", length] = network.split("/");
    const family = isIP(address) === 6 ? "ipv6" : "ipv4";
    if (length === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(length), family);
  }
  return list;
}

/** The address that a call came from: the connection's, or what a trusted proxy says. What is no address is nobody's. */
export function senderOf({ ip, socket }: Pick<FastifyRequest, "ip" | "socket">): string {
  return isIP(ip) === 0 ? (socket.remoteAddress ?? "") : ip;
}
