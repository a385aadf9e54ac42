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

const source = new URL("../src/main.ts", import.meta.url);
const fromSource = existsSync(source);
if (fromSource) {
  // In a checkout every package runs from its sources; a published package has none and carries dist/.
  nodeModule.registerHooks({
    resolve: (specifier, context, next) =>
      next(specifier, { ...context, conditions: ["kubeferry-source", ...context.conditions] }),
  });
}
const { main } = await import(fromSource ? source.href : new URL("../dist/main.js", import.meta.url).href);
process.exitCode = await main(process.argv.slice(2));
