#!/usr/bin/env node
// Plain JavaScript on purpose: it must be able to tell an old Node what is missing.
import { existsSync } from "node:fs";
import * as nodeModule from "node:module";

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(
    `kubeferry: needs Node 22.18 or newer, this is ${process.versions.node}; ` +
      "in a checkout `npx kubeferry` and the npm scripts bring their own, elsewhere install Node 24\n",
  );
  process.exit(2);
}

const source = new URL("../src/main.ts", import.meta.url);
const fromSource = existsSync(source);

// Where a machine has memory, V8 lets garbage lie in it: both stages and a restore then have up to twice as much resident as they
// need, and are done no sooner. How large a heap may be is said when a process starts, so this one starts once more in its own
// place, with the same number and streams. Whoever sets a size decides it. docs/adr/0044-a-backup-in-a-small-heap.md
const SMALL_YOUNG = ["--max-semi-space-size=8"];
const SMALL_HEAPS = {
  backup: ["--max-semi-space-size=4", "--initial-old-space-size=48", "--heap-growing-percent=50"],
  gitops: SMALL_YOUNG,
  restore: SMALL_YOUNG,
  run: SMALL_YOUNG,
};
const command = process.argv[2] ?? "";
const wanted = Object.hasOwn(SMALL_HEAPS, command) ? SMALL_HEAPS[command] : [];
const set = [...process.execArgv, process.env.NODE_OPTIONS ?? ""].join(" ").replaceAll("_", "-");
const unset = wanted.filter((flag) => !set.includes(flag.slice(0, flag.indexOf("="))));
// The newest Node on which they were tried: one that no longer knows a size would not start at all.
const triedOn = major <= 26;
if (unset.length > 0 && triedOn && !fromSource && process.execve !== undefined) {
  const args = [process.argv0, ...process.execArgv, ...unset, ...process.argv.slice(1)];
  // glibc keeps what each thread gave back for that thread, and a backup compresses in threads. Once it has seen a large buffer
  // given back it keeps those, too, between small ones that stay: this holds it to its first limit. Other C libraries overlook it.
  const memory = command === "backup" ? { MALLOC_ARENA_MAX: "1", MALLOC_MMAP_THRESHOLD_: "131072" } : {};
  process.execve(process.execPath, args, { ...memory, ...process.env });
}

// Until a command listens itself, and once it no longer does, a signal ends the process as if nobody listened. An exit of its
// own would wait for reads that never end, of a pipe or a file system that hangs. The first process of a container is sent
// no signal that it does not listen for, so it goes on to exit: it has nothing better.
for (const [signal, code] of [
  ["SIGTERM", 143],
  ["SIGINT", 130],
]) {
  const onSignal = () => {
    if (process.listenerCount(signal) > 1) return;
    process.off(signal, onSignal);
    process.kill(process.pid, signal);
    process.exit(code);
  };
  process.on(signal, onSignal);
}

if (fromSource) {
  // In a checkout every package runs from its sources; a published package has none and carries dist/.
  nodeModule.registerHooks({
    resolve: (specifier, context, next) =>
      next(specifier, { ...context, conditions: ["kubeferry-source", ...context.conditions] }),
  });
}
const { main } = await import(fromSource ? source.href : new URL("../dist/main.js", import.meta.url).href);
process.exitCode = await main(process.argv.slice(2));
