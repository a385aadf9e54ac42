import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Secret } from "@kubeferry/model";
import { hiddenText } from "./hidden-text.ts";

// `printf` is the shell's own: the passphrase is an argument of no process.
const SCRIPT = `#!/bin/sh
printf '%s\\n' "$KUBEFERRY_PASSPHRASE"
`;

/**
 * Makes OpenSSH's programs ask a script of ours instead of a person, and gives the variables that do so. The passphrase
 * is in the environment of that program and of the script, which only the same user can read; the script holds none.
 * @param folder private; the script is written there
 * @param name of the script, for each passphrase another one
 * @param passphrase undefined: an empty answer, so that a key that wants one is an error and not a question
 */
export async function answerPassphrase(
  folder: string,
  name: string,
  passphrase: Secret | undefined,
): Promise<Readonly<Record<string, string>>> {
  const script = join(folder, name);
  await writeFile(script, SCRIPT, { mode: 0o700 });
  return {
    SSH_ASKPASS: script,
    SSH_ASKPASS_REQUIRE: "force",
    KUBEFERRY_PASSPHRASE: hiddenText(passphrase?.reveal() ?? ""),
  };
}
