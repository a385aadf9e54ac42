import { type BuildResult, buildBinary } from "../binaries/build.ts";
import { type BinaryName, binaryNames } from "../binaries/catalog.ts";
import { cacheFolder } from "../places.ts";
import type { CommandContext } from "./context.ts";

/**
 * `testbed build [names]`: one after the other, because each build uses all cores by itself.
 * @param names none means all.
 */
export async function build(names: readonly BinaryName[], context: CommandContext): Promise<void> {
  context.say(`cache: ${cacheFolder(context.environment)}`);
  const wanted = binaryNames.filter((name) => names.length === 0 || names.includes(name));
  const started = performance.now();
  for (const name of wanted) context.say(lineFor(await buildBinary(name, context)));
  const seconds = (performance.now() - started) / 1_000;
  context.say(`${wanted.length} ready in ${seconds.toFixed(1)} s (cold, on two cores, all together take about 20 min)`);
}

function lineFor(result: BuildResult): string {
  const name = result.name.padEnd(24);
  switch (result.outcome) {
    case "built":
      return `${name}${result.version}  ${result.seconds.toFixed(1)} s`;
    case "cached":
      return `${name}${result.version}  cached`;
    case "offered":
      return `${name}taken from ${result.source}: ${result.path} (pinned: ${result.version})`;
  }
}
