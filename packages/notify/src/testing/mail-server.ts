import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { SMTPServer } from "smtp-server";
import { type Certificate, selfSignedCertificate } from "./certificate.ts";

/** A mail as it arrived. */
interface Received {
  readonly from: string;
  readonly to: readonly string[];
  /** Headers and body. */
  readonly source: string;
  readonly secure: boolean;
  /** Who logged in. */
  readonly user: string | undefined;
}

/** A mail server on this machine that speaks SMTP. */
export interface MailServer {
  readonly port: number;
  readonly certificate: Certificate;
  readonly received: readonly Received[];
  close(): Promise<void>;
}

/** What a server is like. */
export interface MailServerOptions {
  /** It offers no STARTTLS. */
  readonly withoutTls?: boolean;
  /** It wants this login. */
  readonly login?: { readonly username: string; readonly password: string };
  /** What it answers to each mail, one after the other; then it takes them. */
  readonly answers?: readonly number[];
}

/** Starts one on a port that is free. */
export async function startMailServer({
  withoutTls,
  login,
  answers = [],
}: MailServerOptions = {}): Promise<MailServer> {
  const certificate = await selfSignedCertificate();
  const received: Received[] = [];
  const left = [...answers];
  const server = new SMTPServer({
    cert: certificate.cert,
    key: certificate.key,
    logger: false,
    authOptional: login === undefined,
    disabledCommands: [...(withoutTls === true ? ["STARTTLS"] : []), ...(login === undefined ? ["AUTH"] : [])],
    onAuth({ username, password }, _session, callback) {
      const isRight = username === login?.username && password === login?.password;
      callback(isRight ? null : new Error("wrong login"), isRight ? { user: username } : undefined);
    },
    onData(stream, session, callback) {
      text(stream).then((source) => {
        const code = left.shift();
        if (code !== undefined) return callback(Object.assign(new Error("planted words"), { responseCode: code }));
        const { mailFrom, rcptTo } = session.envelope;
        const from = mailFrom === false ? "" : mailFrom.address;
        const to = rcptTo.map(({ address }) => address);
        received.push({ from, to, source, secure: session.secure, user: session.user });
        callback();
      }, callback);
    },
  });
  // A client that finds the certificate wanting goes away in the middle.
  server.on("error", () => undefined);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  const { port } = server.server.address() as AddressInfo;
  return {
    port,
    certificate,
    received,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
