import type { GitOpsConfig } from "@kubeferry/shared-config";
import { describe, expect, it } from "vitest";
import { environmentFor } from "./environment-for.ts";

const HERE = { domain: "crc.testing", name: "wrl62", uid: "uid-here" };
const origin = { cluster: "crc.testing/wrl62", uid: "uid-here", series: "default" } as const;

function environments(all: Readonly<Record<string, object>>): Pick<GitOpsConfig, "environments"> {
  return { environments: all } as unknown as Pick<GitOpsConfig, "environments">;
}

describe("which overlay a cluster is to look like", () => {
  const gitops = environments({ dev: {}, prod: {} });

  it("is the first of the configuration that was made from this very cluster", () => {
    const origins = { prod: origin, dev: { ...origin, uid: "uid-elsewhere" } };
    expect(environmentFor(origins, { gitops, cluster: HERE })).toBe("prod");
    expect(environmentFor({ prod: origin, dev: origin }, { gitops, cluster: HERE })).toBe("dev");
    expect(environmentFor({ prod: origin, dev: origin }, { gitops, cluster: HERE, environment: "prod" })).toBe("prod");
  });

  it("is none where the cluster was built anew under its name", () => {
    expect(environmentFor({ dev: origin }, { gitops, cluster: { ...HERE, uid: "uid-new" } })).toBeUndefined();
  });

  it("of what goes elsewhere is the one whose destination names the cluster", () => {
    const origins = { dev: { ...origin, elsewhere: true }, prod: { ...origin, elsewhere: true } } as const;
    const east = { server: "https://east:6443", cluster: { domain: "crc.testing", name: "east" } };
    const deployed = environments({ dev: {}, prod: { destination: east } });
    const cluster = { domain: "crc.testing", name: "east", uid: "uid-east" };
    expect(environmentFor(origins, { gitops: deployed, cluster })).toBe("prod");
    expect(environmentFor(origins, { gitops: deployed, cluster: HERE })).toBeUndefined();
  });
});
