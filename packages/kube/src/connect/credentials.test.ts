import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../testing/test-api.ts";
import { testCall } from "../testing/test-call.ts";
import { createCredentials } from "./credentials.ts";
import type { KubeTarget } from "./kube-target.ts";

describe("credentials from a token file", () => {
  it("are read again after 20 s or a refusal, once for all requests that were refused", async () => {
    const file = join(temporaryFolder(), "token");
    const clock = { now: 0 };
    const source = createCredentials(targetWith(file), () => clock.now);
    const token = async () => (await source.current(testCall)).headers.authorization;

    writeFileSync(file, "first\n");
    const used = await source.current(testCall);
    expect(used.headers.authorization).toBe("Bearer first");
    writeFileSync(file, "second");
    clock.now += 19_000;
    expect(await token()).toBe("Bearer first");
    source.refuse(used);
    expect(await token()).toBe("Bearer second");

    writeFileSync(file, "third");
    source.refuse(used);
    expect(await token()).toBe("Bearer second");
    clock.now += 20_000;
    expect(await token()).toBe("Bearer third");
  });

  it("are an error that names the file when it has gone", async () => {
    const source = createCredentials(targetWith("/no/such/token"), () => 0);
    await expect(source.current(testCall)).rejects.toThrow(
      "kube: read the token: config: /no/such/token cannot be read; check the paths in the kubeconfig",
    );
  });
});

function targetWith(file: string): KubeTarget {
  const server = { url: "https://example.com", skipTlsVerify: false, compression: true };
  return { origin: "test", inCluster: false, server, user: { name: "test", token: { file } } };
}
