import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { KUBERNETES_TYPES } from "./kubernetes-types.ts";
import { OPENSHIFT_GROUPS } from "./openshift-groups.ts";

const FILE = new URL("../../../../charts/kubeferry/files/api-types.yaml", import.meta.url);

describe("the types that the chart makes roles of", () => {
  it("are Kubernetes' own, and the groups of OpenShift", () => {
    const { core, groups, openshiftGroups, clusterScoped } = parse(readFileSync(FILE, "utf8"));
    const namesOf = (wanted: string, namespaced: boolean): string[] =>
      KUBERNETES_TYPES.filter(({ group, ...type }) => group === wanted && type.namespaced === namespaced)
        .map(({ resource }) => resource)
        .toSorted();
    const others = [...new Set(KUBERNETES_TYPES.map(({ group }) => group))].filter((group) => group !== "").toSorted();
    expect(core).toEqual({ cluster: namesOf("", false), namespaced: namesOf("", true) });
    expect(groups).toEqual(others);
    expect(openshiftGroups).toEqual(OPENSHIFT_GROUPS);
    const withSome = others.filter((group) => namesOf(group, false).length > 0);
    expect(clusterScoped).toEqual(Object.fromEntries(withSome.map((group) => [group, namesOf(group, false)])));
  });
});
