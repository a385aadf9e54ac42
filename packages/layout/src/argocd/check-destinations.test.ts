import type { DestinationConfig } from "@kubeferry/shared-config";
import { describe, expect, it } from "vitest";
import { checkDestinations, type Deployment } from "./check-destinations.ts";

const LIVE = { domain: "crc.testing", name: "live" };
const ONE = { server: "https://one" };

function check(...destinations: readonly DestinationConfig[]): void {
  checkDestinations(destinations.map((destination, index) => shop({ environment: `e${index}`, destination })));
}

function shop(change: Partial<Deployment>): Deployment {
  return { folder: "namespaces/shop", environment: "prod", destination: ONE, namespace: "shop", ...change };
}

describe("two Applications", () => {
  it("are refused for one namespace of a cluster that Argo CD knows under two addresses, naming both", () => {
    expect(() => check({ server: "https://one", cluster: LIVE }, { name: "live", cluster: LIVE })).toThrow(
      "namespaces/shop/e0 and namespaces/shop/e1 would both be deployed to namespace shop in cluster crc.testing/live",
    );
    expect(() => check({ server: "https://kubernetes.default.svc" }, { name: "in-cluster" })).toThrow("namespace shop");
  });

  it("may have two addresses of which nobody said that they are one cluster", () => {
    check({ server: "https://one" }, { name: "live" }, { server: "https://two", cluster: LIVE });
  });

  it("may share a cluster in different namespaces, and not when different namespaces are mapped onto one", () => {
    const renamed = shop({ environment: "test", namespace: "shop-test" });
    checkDestinations([shop({}), renamed]);
    const team = shop({ folder: "namespaces/team", environment: "dev", namespace: "shop-test" });
    expect(() => checkDestinations([renamed, team])).toThrow(
      "namespaces/shop/test and namespaces/team/dev would both be deployed to namespace shop-test in https://one",
    );
  });

  it("are refused when both would bring the cluster-scoped objects of one cluster", () => {
    const cluster = { folder: "cluster", namespace: undefined };
    expect(() => checkDestinations([shop(cluster), shop({ ...cluster, environment: "dr" })])).toThrow(
      "cluster/prod and cluster/dr would both be deployed to what has no namespace in https://one",
    );
  });

  it("are refused when they would have one name, also by the names of places", () => {
    const twins = [
      shop({ environment: "a-b" }),
      shop({ folder: "namespaces/shop-a", environment: "b", namespace: "shop-a" }),
    ];
    expect(() => checkDestinations(twins)).toThrow(
      "the Applications of namespaces/shop/a-b and namespaces/shop-a/b would both be named shop-a-b",
    );
    const regions = [
      shop({ environment: "prod", place: "eu-west-1" }),
      shop({ environment: "prod-eu", place: "west-1", destination: { server: "https://two" } }),
    ];
    expect(() => checkDestinations(regions)).toThrow(
      "namespaces/shop/prod (eu-west-1) and namespaces/shop/prod-eu (west-1) would both be named shop-prod-eu-west-1",
    );
  });
});

describe("the name of an Application", () => {
  it("is refused above the 63 characters that a label holds", () => {
    const named = (length: number) => shop({ folder: `namespaces/${"n".repeat(length)}`, namespace: "n" });
    checkDestinations([named(58)]);
    expect(() => checkDestinations([named(59)])).toThrow(/nnn-prod: 64 characters, and Argo CD writes at most 63/);
  });
});
