import { execFile } from "node:child_process";
import { readdir, readFile, writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type ReplayServer, serveSnapshot } from "@kubeferry/kube-replay";
import { SMTPServer } from "smtp-server";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { testCall } from "../testing/call.ts";
import { kubeferry } from "../testing/cli.ts";
import { smallCluster } from "../testing/small-cluster.ts";
import { freshFolder } from "../testing/workspace.ts";

const run = promisify(execFile);
const CLI = fileURLToPath(new URL("../..", import.meta.url));

describe("the packed command line, installed into an empty folder", () => {
  let folder: string;
  let cluster: ReplayServer;

  beforeAll(async () => {
    folder = await freshFolder();
    await run("npm", ["pack", "--pack-destination", folder], { cwd: CLI });
    const [tarball = ""] = (await readdir(folder)).filter((name) => name.endsWith(".tgz"));
    await writeFile(join(folder, "package.json"), '{"private":true}');
    await run("npm", ["install", "--prefer-offline", "--no-audit", "--no-fund", join(folder, tarball)], {
      cwd: folder,
    });
    cluster = await serveSnapshot(await smallCluster("before"), { port: 0 }, testCall);
  }, 300_000);
  afterAll(() => cluster.close());

  it("answers --help and carries no sources", async () => {
    const { stdout } = await installed(["--help"]);
    for (const command of ["backup", "gitops", "run", "snapshots", "doctor", "demo"]) expect(stdout).toContain(command);
    expect(await readdir(join(folder, "node_modules", "kubeferry"))).not.toContain("src");
  });

  it.each(["--help", "--version", "restore plan --help"])("loads no library for %s", async (line) => {
    expect((await installed(line.split(" "))).loaded).toEqual(["kubeferry"]);
  });

  it("carries the licences of the libraries that are in its own files", async () => {
    const dist = join(folder, "node_modules", "kubeferry", "dist");
    const licences = await readFile(join(dist, "third-party-licences.txt"), "utf8");
    for (const library of ["yargs 18", "yargs-parser 22", "cliui 9", "y18n 5"]) expect(licences).toContain(library);
    expect(licences.match(/permission to use, copy, modify|permission is hereby granted/gi)).toHaveLength(10);
  });

  it.each([
    [["--help"]],
    [["backup", "--help"]],
    [["gitops", "serve", "--help"]],
    [["restore", "plan", "--help"]],
    [["bakcup"]],
    [["backup", "--bogus", "--worse"]],
    [["backup", "--config"]],
    [["snapshots"]],
  ])("says in any language what the sources say to %j", async (args) => {
    const bin = join(folder, "node_modules", "kubeferry", "bin", "kubeferry.js");
    const env = { ...process.env, LC_ALL: "de_DE.UTF-8" };
    const { code, stdout, stderr } = await kubeferry(args);
    const said = run(process.execPath, [bin, ...args], { cwd: folder, env });
    if (code === 0) expect(await said).toMatchObject({ stdout, stderr });
    else await expect(said).rejects.toMatchObject({ code, stdout, stderr });
  });

  it("does a backup, and loads nothing of what is switched off", async () => {
    await writeFile(join(folder, "kubeconfig"), cluster.kubeconfig);
    await configure({ kubernetes: { kubeconfig: "./kubeconfig" }, store: { type: "folder", path: "./store" } });
    const { stdout, loaded } = await installed(["backup", "--output", "json"]);
    expect(JSON.parse(stdout)).toMatchObject({ status: "complete", sequence: 1, objects: 15 });
    // The library of metrics brings the bare interface.
    expect(loaded.filter((name) => WHEN_ON.test(name))).toEqual(["@opentelemetry/api"]);
    expect(loaded).toContain("prom-client");
  });

  it("sends a mail, by what it loads for that", async () => {
    const mails: string[] = [];
    const server = await mailServer(mails);
    const { port } = server.server.address() as AddressInfo;
    const mail = { type: "email", host: "127.0.0.1", port, tls: "none", from: "a@example.com", to: ["b@example.com"] };
    await configure({ store: { type: "folder", path: "./store" }, notifications: { channels: { mail } } });
    const { stdout, loaded } = await installed(["notify", "test"]);
    expect(stdout).toContain("mail: sent\n");
    expect(mails).toEqual([expect.stringContaining("Subject: kubeferry: test of channel mail\r\n")]);
    expect(loaded.filter((name) => WHEN_ON.test(name))).toEqual(["nodemailer"]);
    await new Promise<void>((resolve) => server.close(resolve));
  });

  function configure(sections: object): Promise<void> {
    return writeFile(join(folder, "kubeferry.yaml"), JSON.stringify(sections));
  }

  /** @returns what it wrote, and the packages that it loaded */
  async function installed(args: readonly string[]): Promise<{ stdout: string; loaded: readonly string[] }> {
    const bin = join(folder, "node_modules", "kubeferry", "bin", "kubeferry.js");
    const list = join(folder, "loaded.json");
    const env = { ...process.env, LOADED: list };
    await writeFile(join(folder, "tell-loaded.mjs"), TELL_LOADED);
    const { stdout } = await run(process.execPath, ["--import", "./tell-loaded.mjs", bin, ...args], {
      cwd: folder,
      env,
    });
    return { stdout, loaded: JSON.parse(await readFile(list, "utf8")) as string[] };
  }
});

/** What only some configurations need. */
const WHEN_ON = /^(@opentelemetry\/|fastify$|@fastify\/|nodemailer$)/;

/** Tells in a file which packages a process loaded. */
const TELL_LOADED = `
import { writeFileSync } from "node:fs";
import { registerHooks } from "node:module";
const loaded = new Set();
registerHooks({ load: (url, context, next) => {
  const name = /.*node_modules\\/((?:@[^/]+\\/)?[^/]+)/.exec(url)?.[1];
  if (name !== undefined) loaded.add(name);
  return next(url, context);
} });
process.on("exit", () => writeFileSync(process.env.LOADED, JSON.stringify([...loaded].sort())));
`;

/** Takes every mail, as a relay on the same machine does. @param mails where they are put */
async function mailServer(mails: string[]): Promise<SMTPServer> {
  const server = new SMTPServer({
    logger: false,
    authOptional: true,
    disabledCommands: ["AUTH", "STARTTLS"],
    onData(stream, _session, done) {
      text(stream).then((mail) => {
        mails.push(mail);
        done();
      }, done);
    },
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  return server;
}
