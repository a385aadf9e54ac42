import { KubeferryError } from "@kubeferry/model";
import { secretKeyNames } from "@kubeferry/shared-config";

/** "setting": a `--set` that cannot be used. */
class SettingError extends KubeferryError<"setting"> {}

/** Turns `--set store.bucket=backups` into dotted keys and texts; keys that hold numbers or truths read them from the text. */
export function parseSettings(settings: readonly string[]): Record<string, string> {
  const secretKeys = secretKeyNames();
  return Object.fromEntries(settings.map((setting) => parse(setting, secretKeys)));
}

function parse(setting: string, secretKeys: readonly string[]): [string, string] {
  const equals = setting.indexOf("=");
  const key = setting.slice(0, equals);
  if (equals < 1) throw refused(setting, "expected <key>=<value>", "write for example --set log.level=debug");
  // Every process on the machine can read an argument list.
  if (secretKeys.includes(key)) {
    throw refused(
      key,
      "a secret on the command line can be read by every process",
      `write it to the file as "\${VARIABLE}"`,
    );
  }
  return [key, setting.slice(equals + 1)];
}

function refused(target: string, problem: string, next: string): SettingError {
  return new SettingError({ kind: "setting", who: "kubeferry", operation: `--set ${target}`, problem, next });
}
