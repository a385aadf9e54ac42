import { GitError } from "../git-error.ts";

/** One of ssh's options, as in ssh_config(5), with its values. */
export type SshOption = readonly [name: string, ...values: string[]];

// Passwords are never asked for. DEBUG1 makes ssh name the key that a host shows; its lines are read and not passed on.
const ALWAYS: readonly SshOption[] = [
  ["ConnectTimeout", "30"],
  ["ServerAliveInterval", "30"],
  ["ServerAliveCountMax", "4"],
  ["PreferredAuthentications", "publickey"],
  ["PasswordAuthentication", "no"],
  ["KbdInteractiveAuthentication", "no"],
  ["NumberOfPasswordPrompts", "1"],
  ["UpdateHostKeys", "no"],
  ["LogLevel", "DEBUG1"],
];

/**
 * Writes the command by which git calls ssh, for GIT_SSH_COMMAND, which a shell reads. The user's configuration of ssh
 * does not count.
 * @throws GitError "invalid" for a path that ssh's options cannot hold
 */
export function sshCommand(options: readonly SshOption[]): string {
  const words = [...options, ...ALWAYS].map(
    ([name, ...values]) => `-o ${shellWord(`${name}=${values.map(configWord).join(" ")}`)}`,
  );
  return `ssh -F /dev/null ${words.join(" ")}`;
}

/** Quoted for ssh's own reading of a value, where "%" begins a token and "${" a variable. */
function configWord(value: string): string {
  if (/["\\\p{Cc}]|\$\{/u.test(value)) throw unusable(value);
  const escaped = value.replaceAll("%", "%%");
  return /\s/.test(escaped) ? `"${escaped}"` : escaped;
}

function shellWord(word: string): string {
  return /^[\w@%+=:,./~-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

function unusable(path: string): GitError {
  return new GitError({
    kind: "invalid",
    who: "git",
    operation: "use repository.ssh",
    problem: `${JSON.stringify(path)} holds a character that ssh's options cannot`,
    next: "choose a path without quotes, backslashes and ${",
  });
}
