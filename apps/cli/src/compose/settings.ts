import { KubeferryError } from "@kubeferry/model";

/** "setting": a `--set` that cannot be used. */
class SettingError extends KubeferryError<"setting"> {}

/** Every process on the machine can read an argument list. */
const SECRET_KEYS: readonly string[] = ["store.accessKey", "store.secretKey", "gitops.repository.token"];

/** Turns `--set store.bucket=backups` into dotted keys and texts; keys that hold numbers or truths read them from the text. */
export function parseSettings(settings: readonly string[]): Record<string, string> {
  return Object.fromEntries(settings.map(parse));
}

function parse(setting: string): [string, string] {
  const equals = setting.indexOf("=");
  const key = setting.slice(0, equals);
  if (equals < 1) throw refused(setting, "expected <key>=<value>", "write for example --set log.level=debug");
  if (SECRET_KEYS.includes(key)) {
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
