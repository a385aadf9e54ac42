import type { Environment } from "../places.ts";

/** Where a command reads its environment and writes its lines. */
export interface CommandContext {
  readonly environment: Environment;
  readonly say: (line: string) => void;
}
