import { mkdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../testing/test-api.ts";
import { findTarget, type Surroundings } from "./find-target.ts";

const around: Surroundings = { environment: {}, home: "/nonexistent", serviceAccountFolder: "/nonexistent" };

function write(folder: string, name: string, text: string): string {
  const path = join(folder, name);
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, text);
  return path;
}

const twoContexts = `
apiVersion: v1
kind: Config
current-context: dev
contexts:
- { name: dev, context: { cluster: one, user: dev } }
- { name: prod, context: { cluster: two, user: prod } }
clusters:
- { name: one, cluster: { server: "https://one.example.com:6443/", certificate-authority: pki/ca.crt } }
- { name: two, cluster: { server: "https://two.example.com/k8s", insecure-skip-tls-verify: true } }
users:
- { name: dev, user: { token: abc } }
- { name: prod, user: { client-certificate: me.crt, client-key: /etc/me.key } }
`;

describe("findTarget", () => {
  it("takes the current context, or the one that is named, with paths relative to the file", () => {
    const folder = temporaryFolder();
    const kubeconfig = write(folder, "config", twoContexts);
    expect(findTarget({ kubeconfig }, around)).toEqual({
      origin: "context dev",
      inCluster: false,
      server: {
        url: "https://one.example.com:6443",
        authority: { file: join(folder, "pki/ca.crt") },
        skipTlsVerify: false,
        compression: true,
      },
      user: { name: "dev", token: { text: "abc" } },
    });
    expect(findTarget({ kubeconfig, context: "prod" }, around)).toMatchObject({
      server: { url: "https://two.example.com/k8s", skipTlsVerify: true },
      user: { certificate: { file: join(folder, "me.crt") }, key: { file: "/etc/me.key" } },
    });
  });

  it("names the contexts there are when the wanted one is missing", () => {
    const kubeconfig = write(temporaryFolder(), "config", twoContexts);
    expect(() => findTarget({ kubeconfig, context: "stage" }, around)).toThrow(
      `kube: use kubeconfig ${kubeconfig}: config: it has no context "stage"; its contexts are: dev, prod`,
    );
  });

  it("names the file that is missing", () => {
    expect(() => findTarget({ kubeconfig: "/no/such/file" }, around)).toThrow(
      "kube: read kubeconfig /no/such/file: config: the file is missing; check kubernetes.kubeconfig and KUBECONFIG",
    );
  });

  it("reads the files of KUBECONFIG: the first entry of a name counts, missing files are passed over", () => {
    const folder = temporaryFolder();
    const first = write(folder, "first", twoContexts);
    const second = write(
      folder,
      "second",
      'current-context: other\nclusters: [{ name: one, cluster: { server: "https://no" } }, { name: three, cluster: { server: "https://three" } }]\ncontexts: [{ name: other, context: { cluster: three } }]',
    );
    const environment = { KUBECONFIG: ["/no/such", first, second].join(delimiter) };
    expect(findTarget({}, { ...around, environment }).server.url).toBe("https://one.example.com:6443");
    expect(findTarget({ context: "other" }, { ...around, environment }).server.url).toBe("https://three");
    expect(() => findTarget({}, { ...around, environment: { KUBECONFIG: "/no/such" } })).toThrow("the file is missing");
  });

  it("falls back to ~/.kube/config, then to the service account of its Pod, and says so when there is none", () => {
    const home = temporaryFolder();
    const serviceAccountFolder = temporaryFolder();
    write(serviceAccountFolder, "token", "secret");
    const environment = { KUBERNETES_SERVICE_HOST: "fd00::1", KUBERNETES_SERVICE_PORT: "443" };
    const inPod = { environment, home, serviceAccountFolder };
    expect(findTarget({}, inPod)).toEqual({
      origin: "in cluster",
      inCluster: true,
      server: {
        url: "https://[fd00::1]:443",
        authority: { file: join(serviceAccountFolder, "ca.crt") },
        skipTlsVerify: false,
        compression: true,
      },
      user: { name: "service account", token: { file: join(serviceAccountFolder, "token") } },
    });
    write(home, ".kube/config", twoContexts);
    expect(findTarget({}, inPod).origin).toBe("context dev");
    expect(findTarget({ inCluster: true }, inPod).origin).toBe("in cluster");
    expect(() => findTarget({}, around)).toThrow(
      "kube: find a cluster: config: no kubeconfig was named, and there is neither ~/.kube/config nor a service account; set kubernetes.kubeconfig, or KUBECONFIG",
    );
    expect(() => findTarget({ inCluster: true }, around)).toThrow("this is no Pod with a service account");
  });

  it.each([
    ["no YAML", "token: [hunter2", "it is no YAML"],
    [
      "another document",
      "users: [{ name: a, user: { token: [hunter2] } }]",
      'it is no kubeconfig: look at "users.0.user.token"',
    ],
    ["no current context", "contexts: []", "it has no current context; set kubernetes.context; its contexts are: none"],
    [
      "a missing cluster",
      "current-context: a\ncontexts: [{ name: a, context: { cluster: b } }]",
      'names cluster "b", which is not there',
    ],
    [
      "a missing user",
      'current-context: a\ncontexts: [{ name: a, context: { cluster: b, user: c } }]\nclusters: [{ name: b, cluster: { server: "https://b" } }]',
      'names user "c", which is not there',
    ],
    [
      "a server that is no address",
      "current-context: a\ncontexts: [{ name: a, context: { cluster: b } }]\nclusters: [{ name: b, cluster: { server: b } }]",
      'server "b" is no http:// or https:// address',
    ],
    [
      "an impersonation of groups alone",
      'current-context: a\ncontexts: [{ name: a, context: { cluster: b, user: c } }]\nclusters: [{ name: b, cluster: { server: "https://b" } }]\nusers: [{ name: c, user: { as-groups: [admins] } }]',
      "it impersonates a uid, groups or extra values, but no user",
    ],
  ])("refuses %s, without quoting what may be secret", (_, text, problem) => {
    const kubeconfig = write(temporaryFolder(), "config", text);
    expect(() => findTarget({ kubeconfig }, around)).toThrow(problem);
    expect(() => findTarget({ kubeconfig }, around)).not.toThrow("hunter2");
  });
});
