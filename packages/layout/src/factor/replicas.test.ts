import { describe, expect, it } from "vitest";
import { replicaEntries, withReplicas } from "./replicas.ts";

describe("the replicas of a kustomization", () => {
  it("give an entry for each object whose number changes", () => {
    expect(
      replicaEntries([
        { name: "web", before: 1, after: 3 },
        { name: "db", before: 1, after: 1 },
      ]),
    ).toEqual([{ name: "web", count: 3 }]);
  });

  it("are none where another object of that name would be hit", () => {
    expect(
      replicaEntries([
        { name: "web", before: 1, after: 3 },
        { name: "web", before: undefined, after: undefined },
      ]),
    ).toEqual([]);
  });

  it("are none where there is no number before or after, or no whole one", () => {
    expect(
      replicaEntries([
        { name: "a", before: undefined, after: 3 },
        { name: "b", before: 3, after: undefined },
        { name: "c", before: "1", after: 3 },
        { name: "d", before: 1, after: 1.5 },
        { name: "e", before: 1, after: -1 },
      ]),
    ).toEqual([]);
  });

  it("hit objects of four kinds by their name, of whatever group", () => {
    const entries = [{ name: "web", count: 5 }];
    const own = { apiVersion: "example.com/v1", kind: "Deployment", metadata: { name: "web" }, spec: { replicas: 1 } };
    expect(withReplicas(own, entries)).toEqual({ ...own, spec: { replicas: 5 } });
    expect(withReplicas({ ...own, kind: "Web" }, entries)).toEqual({ ...own, kind: "Web" });
    expect(withReplicas({ ...own, metadata: { name: "db" } }, entries)).toEqual({ ...own, metadata: { name: "db" } });
  });
});
