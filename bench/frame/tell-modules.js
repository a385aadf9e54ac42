// Loaded before a program's own code: leaves behind which modules its main thread loaded, in the order of loading, and the
// flags that it started itself again with.
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
  process.once("exit", () => writeFileSync(`${process.env.KUBEFERRY_BENCH_MODULES}`, JSON.stringify({ urls, flags })));
}
