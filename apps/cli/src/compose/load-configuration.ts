import { type LoadedConfig, loadConfig, secretsOf } from "@kubeferry/shared-config";
import { redact } from "@kubeferry/telemetry";
import type { ConfigArguments } from "../commands/options.ts";
import { parseSettings } from "./settings.ts";

/** Reads the configuration that a command line names; from then on nothing prints a secret of it. @throws ConfigError */
export async function loadConfiguration(args: ConfigArguments): Promise<LoadedConfig> {
  const loaded = await loadConfig({
    files: args.config,
    folders: args.configDir,
    env: process.env,
    flags: parseSettings(args.set),
  });
  for (const secret of secretsOf([loaded.config, loaded.clusters])) redact(secret);
  return loaded;
}
