import { describe, expect, it } from "vitest";
import { agreedName, clusterLabels, nameFromNamespaces } from "./cluster-labels.ts";

describe("names in labels", () => {
  it("knows seven labels, the first in this order counts", () => {
    expect(clusterLabels).toEqual([
      "cluster-name",
      "kubernetes.io/cluster-name",
      "alpha.eksctl.io/cluster-name",
      "eks.amazonaws.com/cluster-name",
      "gardener.cloud/shoot-name",
      "azure.workload.identity/cluster-name",
      "container.googleapis.com/cluster_name",
    ]);
    for (const [index, key] of clusterLabels.entries()) {
      const labels = Object.fromEntries(clusterLabels.slice(index).map((each) => [each, `by-${each}`]));
      expect(agreedName([{ name: "node", labels }])).toBe(`by-${key}`);
    }
  });

  it("asks kube-system first, then default, then the others", () => {
    const namespaces = [
      { name: "aaa", labels: { "cluster-name": "c" } },
      { name: "default", labels: { "cluster-name": "b" } },
      { name: "kube-system", labels: { "gardener.cloud/shoot-name": "a" } },
    ];
    expect(nameFromNamespaces(namespaces)).toBe("a");
    expect(nameFromNamespaces(namespaces.slice(0, 2))).toBe("b");
    expect(nameFromNamespaces(namespaces.slice(0, 1))).toBe("c");
    expect(nameFromNamespaces([])).toBeUndefined();
  });

  it("takes no name from namespaces that differ: they name the clusters somebody manages from here", () => {
    const namespaces = [
      { name: "a", labels: { "cluster-name": "east", "gardener.cloud/shoot-name": "here" } },
      { name: "b", labels: { "cluster-name": "west" } },
    ];
    expect(nameFromNamespaces(namespaces)).toBe("here");
    expect(
      nameFromNamespaces([...namespaces, { name: "c", labels: { "gardener.cloud/shoot-name": "there" } }]),
    ).toBeUndefined();
  });
});
