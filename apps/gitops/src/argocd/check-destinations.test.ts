import type { DestinationConfig } from "@kubeferry/shared-config";
import { describe, expect, it } from "vitest";
import { checkDestinations } from "./check-destinations.ts";

const LIVE = { domain: "crc.testing", name: "live" };

function check(...destinations: readonly DestinationConfig[]): void {
  checkDestinations(
    destinations.map((destination, index) => ({ folder: "namespaces/shop", environment: `e${index}`, destination })),
  );
}

describe("two environments", () => {
  it("are refused for one cluster that Argo CD knows under two addresses", () => {
    expect(() => check({ server: "https://one", cluster: LIVE }, { name: "live", cluster: LIVE })).toThrow(
      "environments e0 and e1 would both deploy namespaces/shop in cluster crc.testing/live",
    );
  });

  it("may have two addresses of which nobody said that they are one cluster", () => {
    check({ server: "https://one" }, { name: "live" }, { server: "https://two", cluster: LIVE });
  });

  it("are refused when their Applications would have one name", () => {
    const destination = { server: "https://one" };
    const twins = [
      { folder: "namespaces/shop", environment: "a-b", destination },
      { folder: "namespaces/shop-a", environment: "b", destination },
    ];
    expect(() => checkDestinations(twins)).toThrow("would both be named shop-a-b");
  });
});
