import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it, vi } from "vitest";
import { GitError, openWorkTree } from "./index.ts";
import { quietCall, temporaryFolder } from "./testing/local-repository.ts";

it("the token is sent to the server, and not printed when every debug output is switched on", async () => {
  const seen: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    seen.push(request.headers.authorization);
    response.writeHead(503).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const script = `
    import { openWorkTree } from ${JSON.stringify(new URL("./index.ts", import.meta.url).href)};
    import { Secret, silentLog } from "@kubeferry/model";
    const url = "http://127.0.0.1:${(server.address() as AddressInfo).port}/acme/fleet.git";
    const call = { signal: new AbortController().signal, log: silentLog };
    const options = { url, base: "main", credentials: { scheme: "basic", username: "ada", token: new Secret("s3cret-t0ken") } };
    await openWorkTree(options, call).catch((error) => console.error(error));
  `;
  const args = ["--conditions=kubeferry-source", "--input-type=module", "--eval", script];
  const password = "pr0xy-p4ss";
  const proxies = { https_proxy: `http://ada:${password}@127.0.0.1:1`, no_proxy: "127.0.0.1" };
  const env = { ...process.env, DEBUG: "*", GIT_TRACE: "1", GIT_TRACE_CURL: "1", NODE_OPTIONS: "", ...proxies };
  const { stderr } = await promisify(execFile)(process.execPath, args, { cwd: import.meta.dirname, env });
  await new Promise((resolve) => server.close(resolve));

  const basic = Buffer.from("ada:s3cret-t0ken").toString("base64");
  expect(seen).toContain(`Basic ${basic}`);
  expect(stderr).toContain("GIT_CONFIG_COUNT"); // the environment is printed, so that the next lines mean something
  expect(stderr).toContain("unavailable");
  expect(stderr).not.toContain("s3cret-t0ken");
  expect(stderr).toContain("https_proxy");
  expect(stderr).not.toContain(password);
  expect(stderr).not.toContain(basic);
});

it("the user's .netrc is not read", async () => {
  const home = temporaryFolder("home");
  writeFileSync(join(home, ".netrc"), "machine 127.0.0.1 login ada password s3cret-t0ken\n", { mode: 0o600 });
  vi.stubEnv("HOME", home);
  const seen: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    seen.push(request.headers.authorization);
    response.writeHead(401, { "www-authenticate": 'Basic realm="x"' }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/acme/fleet.git`;
  const opening = openWorkTree({ url, base: "main" }, quietCall());
  await expect(opening).rejects.toMatchObject({ kind: "denied" });
  vi.unstubAllEnvs();
  await new Promise((resolve) => server.close(resolve));
  expect(seen.length).toBeGreaterThan(0);
  expect(seen.filter((header) => header !== undefined)).toEqual([]);
});

it("SSH asks no question, and trusts only hosts that are known", async () => {
  const folder = temporaryFolder("ssh");
  const said = join(folder, "said");
  writeFileSync(join(folder, "ssh"), `#!/bin/sh\necho "$@" >> ${said}\nexit 255\n`, { mode: 0o755 });
  vi.stubEnv("PATH", `${folder}:${process.env.PATH}`);
  const opening = openWorkTree({ url: "git@git.example.invalid:acme/fleet.git", base: "main" }, quietCall());
  await expect(opening).rejects.toBeInstanceOf(GitError);
  vi.unstubAllEnvs();
  expect(readFileSync(said, "utf8")).toMatch(
    /-o BatchMode=yes -o StrictHostKeyChecking=yes .*git@git\.example\.invalid git-upload-pack 'acme\/fleet\.git'/,
  );
});
