// Carries out a Containerfile without a container engine: folders stand for its stages, and each RUN and COPY is done in
// them, but for the packages of the distribution. Then the result runs both stages as user 1001 from a tree it cannot write.
//   npm run try-image [-- Containerfile.ubi9]
import { execFileSync } from "node:child_process";
import { chmodSync, chownSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Instruction, readContainerfile } from "./containerfile.ts";

const ROOT = join(import.meta.dirname, "..");
const PACKAGE_MANAGERS = /^(apk|microdnf) /;
const place = mkdtempSync(join(tmpdir(), "kubeferry-image-"));
// The user that runs it at the end has to reach it.
chmodSync(place, 0o755);

const stages = readContainerfile(readFileSync(join(ROOT, process.argv[2] ?? "Containerfile"), "utf8"));
for (const [index, { name = String(index), instructions }] of stages.entries()) {
  const stage = { root: join(place, name), folder: "/" };
  mkdirSync(join(stage.root, "tmp"), { recursive: true });
  for (const instruction of instructions) carryOut(instruction, stage);
}
const image = join(place, String(stages.length - 1));
tryOut(stages.at(-1)?.instructions ?? []);
execFileSync("chmod", ["-R", "u+w", place]);
rmSync(place, { recursive: true });

function carryOut({ name, text }: Instruction, stage: { readonly root: string; folder: string }): void {
  if (name === "WORKDIR") {
    stage.folder = text;
    mkdirSync(join(stage.root, text), { recursive: true });
  } else if (name === "RUN" && !PACKAGE_MANAGERS.test(text)) {
    say(`RUN ${text}`);
    // Paths of the image become paths below the folder that stands for it.
    const command = text.replaceAll(/(?<=\s)\/(?=[a-z])/g, `${stage.root}/`);
    execFileSync("sh", ["-ec", command], {
      cwd: join(stage.root, stage.folder),
      stdio: ["ignore", "ignore", "inherit"],
    });
  } else if (name === "COPY") copy(text, stage);
}

function copy(text: string, { root, folder }: { readonly root: string; readonly folder: string }): void {
  say(`COPY ${text}`);
  const [, from, source = "", target = ""] = /^(?:--from=(\S+) )?(\S+) (\S+)$/.exec(text) ?? [];
  if (from !== undefined) {
    cpSync(join(place, from, source), join(root, target), { recursive: true, verbatimSymlinks: true });
    return;
  }
  // The ignore file keeps everything out that is not in Git, and .git itself.
  const files = execFileSync("git", ["ls-files", "-z"], { cwd: ROOT, maxBuffer: 1e8 });
  const tar = execFileSync("tar", ["-c", "--null", "-T", "-"], { cwd: ROOT, input: files, maxBuffer: 1e9 });
  execFileSync("tar", ["-x"], { cwd: join(root, folder), input: tar });
}

function tryOut(instructions: readonly Instruction[]): void {
  const entry = JSON.parse(instructions.find(({ name }) => name === "ENTRYPOINT")?.text ?? "[]") as string[];
  const [uid = 0, gid = 0] = (instructions.findLast(({ name }) => name === "USER")?.text ?? "").split(":").map(Number);
  const command = entry.slice(1).map((each) => join(image, each));
  const home = join(image, "tmp");
  const asUser = process.getuid?.() === 0 ? { uid, gid } : {};
  if ("uid" in asUser) chownSync(home, uid, gid);
  const run = (...args: string[]): string =>
    execFileSync(process.execPath, [...command, ...args], {
      cwd: home,
      env: { PATH: process.env.PATH, HOME: home, NODE_ENV: "production" },
      encoding: "utf8",
      ...asUser,
    });
  say(`version ${run("--version").trim()}`);
  const store = join(image, "opt/kubeferry/example/store");
  writeFileSync(join(home, "kubeferry.yaml"), JSON.stringify({ store: { type: "folder", path: store } }));
  say(run("snapshots", "list", "--cluster", "example.internal/harbour").trim());
  say(run("demo").trim().split("\n").at(-1) ?? "");
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
