import { describe, expect, it } from "vitest";
import { whyMissing } from "./missing-servers.ts";
import { temporaryFolder } from "./testing/temporary-folder.ts";

describe("asking for servers that are not here", () => {
  const nothing = () => ({ KUBEFERRY_TESTBED_CACHE: temporaryFolder(), PATH: temporaryFolder() });

  it("names what is missing and the one command that provides it", () => {
    expect(whyMissing(["kube-apiserver", "kustomize"], nothing())).toBe(
      "needs kube-apiserver, kustomize: run: npm run testbed -- build etcd kube-apiserver kustomize",
    );
  });

  it("names git too, which Gitea cannot do without", () => {
    expect(whyMissing(["gitea"], nothing())).toBe("needs gitea: install git, then run: npm run testbed -- build gitea");
  });

  it("fails instead with REQUIRE_SERVERS=1", () => {
    expect(() => whyMissing(["minio"], { ...nothing(), REQUIRE_SERVERS: "1" })).toThrow(
      "testbed: find minio: not-built: missing, and REQUIRE_SERVERS=1 forbids to skip; run: npm run testbed -- build minio",
    );
  });

  it("skips with REQUIRE_SERVERS=1 what the machine was said to lack, and nothing beside it", () => {
    const machine = { ...nothing(), REQUIRE_SERVERS: "1", KUBEFERRY_TESTBED_MAY_LACK: "prometheus minio" };
    expect(whyMissing(["prometheus"], machine)).toBe("needs prometheus: install prometheus");
    expect(() => whyMissing(["jq"], machine)).toThrow("install jq");
    expect(() => whyMissing(["minio"], machine)).toThrow("testbed -- build minio");
  });

  it("asks for nothing when nothing is needed", () => {
    expect(whyMissing([], { ...nothing(), REQUIRE_SERVERS: "1" })).toBeUndefined();
  });
});
