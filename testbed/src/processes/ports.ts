import { randomInt } from "node:crypto";
import { createServer } from "node:net";
import { TestbedError } from "../errors.ts";

// Below the range that Linux and macOS take outgoing ports from, so that no connection takes the
// port away between the look and the server's start.
const lowest = 12_000;
const highest = 29_999;
const tries = 50;

/** @returns a loopback port that nothing listens on at this moment. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < tries; attempt++) {
    const port = randomInt(lowest, highest + 1);
    if (await canListen(port)) return port;
  }
  throw new TestbedError({
    kind: "not-ready",
    who: "testbed",
    operation: "find a free loopback port",
    problem: `${tries} ports between ${lowest} and ${highest} were taken`,
    next: "look at what listens on this machine",
  });
}

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ port, host: "127.0.0.1", exclusive: true }, () => server.close(() => resolve(true)));
  });
}
