// Loaded before a program's own code: leaves behind which modules its main thread loaded, in the order of loading, and what it
// started itself again with: flags, and how the C library keeps memory.
import { writeFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { isMainThread } from "node:worker_threads";

const urls = [];
registerHooks({
  load(url, context, next) {
    urls.push(url);
    return next(url, context);
  },
});
if (isMainThread) {
  const flags = process.execArgv.filter((flag) => /^--.+=/.test(flag));
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => name.startsWith("MALLOC_")));
  process.once("exit", () => {
    writeFileSync(`${process.env.KUBEFERRY_BENCH_MODULES}`, JSON.stringify({ urls, flags, env }));
  });
}
