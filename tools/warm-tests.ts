// Runs single tests of the checkout in which it is started, as its parent asks for them: {"changed", "test"} is answered
// with {"failed"}. One process for many: to start Vitest, and the servers of a test, costs more than most tests do.
import { resolve } from "node:path";
import { createVitest, type Vitest } from "vitest/node";
import { clearUp } from "../testbed/src/runs/clear-up.ts";
import { sharedRunFolder } from "../testbed/src/runs/current.ts";
import { openRun } from "../testbed/src/runs/run.ts";

/** What is to be run, and what was changed since the last one. */
export interface Asked {
  /** From the root of the checkout. */
  readonly changed: string;
  readonly test: { readonly file: string; readonly name: string };
}

/** Whether a test of that name ran and failed. A file that does not load, or no test of the name, is no failed test. */
export interface Answered {
  readonly failed: boolean;
}

const vitest = await createVitest("test", {
  config: "vitest.one-test.config.ts",
  watch: false,
  bail: 1,
  reporters: [{}],
});
await vitest.standalone();
process.on("message", (asked: Asked) => void answer(asked));
// Its parent tells it to stop, also when both got the signal of a terminal.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => undefined);
process.on("disconnect", () => void vitest.exit());
process.send?.("ready");

async function answer(asked: Asked): Promise<void> {
  const failed = await fails(vitest, asked);
  // Told to stop meanwhile: the run and its servers are gone, and nobody hears the answer.
  if (!process.connected) return;
  const run = sharedRunFolder(process.env);
  if (run !== undefined) await clearUp(openRun(run));
  process.send?.({ failed } satisfies Answered);
}

async function fails(within: Vitest, { changed, test }: Asked): Promise<boolean> {
  within.invalidateFile(resolve(changed));
  within.setGlobalTestNamePattern(literally(test.name));
  const specification = within.getRootProject().createSpecification(resolve(test.file));
  const { testModules } = await within.runTestSpecifications([specification]);
  within.invalidateFile(resolve(changed));
  return testModules.some((module) => [...module.children.allTests("failed")].length > 0);
}

function literally(name: string): RegExp {
  return new RegExp(name.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
}
