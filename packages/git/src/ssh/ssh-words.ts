/** What ssh says beside its errors at the level at which it names the host's key. */
const CHATTER = /^(debug\d: |Authenticated to |Authenticated using |Transferred: |Bytes per second: )/;

/**
 * Takes ssh's chatter out of what git and its ssh printed. Where the host's key was not accepted, the key that the host
 * showed stays, as the line "Server host key: ssh-ed25519 SHA256:…".
 */
export function readSshWords(stderr: string): string {
  if (!stderr.includes("debug1: ")) return stderr;
  const lines = stderr.split(/\r?\n/);
  const words = lines.filter((line) => !CHATTER.test(line)).join("\n");
  if (!words.includes("Host key verification failed")) return words;
  const shown = lines.findLast((line) => line.startsWith("debug1: Server host key: "));
  return shown === undefined ? words : `${words}\n${shown.slice("debug1: ".length)}`;
}

/** The key that a host showed, "ssh-ed25519 SHA256:…"; undefined when it was not accepted for another reason. */
export function shownHostKey(stderr: string): string | undefined {
  return /^Server host key: ([\w@.-]+ [A-Z0-9]+:[\w+/=]+)$/m.exec(stderr)?.[1];
}
