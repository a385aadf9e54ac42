import { NotifyError, type NotifyErrorKind } from "../../notify-error.ts";

/** What nodemailer says of an error; `responseCode` is the server's. */
interface MailFailure {
  readonly code?: unknown;
  readonly responseCode?: unknown;
  readonly command?: unknown;
  readonly cause?: unknown;
}

/** What went wrong with a mail, without what the server said: an answer can quote addresses and logins. */
export function mailError(failure: unknown, name: string): NotifyError {
  const { code, responseCode, command } = (failure ?? {}) as MailFailure;
  const answered = typeof responseCode === "number" ? responseCode : undefined;
  const word = typeof code === "string" ? code : "unknown";
  const own = `notifications.channels.${name}`;
  const errorOf = (kind: NotifyErrorKind, problem: string, next: string): NotifyError =>
    new NotifyError({ kind, who: `channel ${name}`, operation: "send a mail", problem, next });

  if (word === "EAUTH")
    return errorOf("refused", "the server refuses the login", `check ${own}.username and .password`);
  if (word === "ETLS")
    return errorOf(
      "refused",
      "the server offers no TLS that can be used",
      `nothing is sent in the clear; check ${own}.port and .caFile`,
    );
  if (/CERT|SELF_SIGNED|UNABLE_TO_VERIFY/.test(word))
    return errorOf(
      "refused",
      `its certificate is not trusted (${word})`,
      `set ${own}.caFile to the PEM file of its authority`,
    );
  if (answered !== undefined) {
    const at = typeof command === "string" ? ` to ${command.split(" ")[0]}` : "";
    const later = answered < 500;
    const next = later ? "look at the mail server" : `check ${own}.from and .to`;
    return errorOf(later ? "unavailable" : "refused", `the server answered ${answered}${at}`, next);
  }
  return errorOf("unavailable", `no whole answer from the server (${word})`, `check ${own}.host and .port`);
}
