import { orAborted } from "@kubeferry/model";
import { createTransport } from "nodemailer";
import { authoritiesOf } from "../../authorities.ts";
import type { Channel, Surroundings } from "../../channel.ts";
import type { SettingsOf } from "../../channel-settings.ts";
import { NotifyError } from "../../notify-error.ts";
import { mailOf } from "./mail.ts";
import { mailError } from "./mail-error.ts";

/** On this port a server speaks TLS from the first byte (RFC 8314). */
const TLS_PORT = 465;

/** Mail through an SMTP server, one connection a message. */
export function createEmail(settings: SettingsOf<"email">, around: Surroundings): Channel {
  return {
    async send(message, signal) {
      signal.throwIfAborted();
      const transport = createTransport(await optionsOf(settings, around));
      const stop = (): void => transport.close();
      signal.addEventListener("abort", stop, { once: true });
      try {
        await orAborted(transport.sendMail(mailOf(message, settings)), signal);
      } catch (error) {
        signal.throwIfAborted();
        throw error instanceof NotifyError ? error : mailError(error, around.name);
      } finally {
        signal.removeEventListener("abort", stop);
        transport.close();
      }
    },
  };
}

async function optionsOf(settings: SettingsOf<"email">, { name, network }: Surroundings) {
  const { host, port, tls, username, password, caFile } = settings;
  const ca = await authoritiesOf(name, {
    [`notifications.channels.${name}.caFile`]: caFile,
    "network.caFile": network.caFile,
  });
  return {
    host,
    port,
    secure: tls === "required" && port === TLS_PORT,
    requireTLS: tls === "required",
    ignoreTLS: tls === "none",
    tls: { minVersion: "TLSv1.2" as const, rejectUnauthorized: true, ...(ca === undefined ? {} : { ca }) },
    ...(username === undefined || password === undefined ? {} : { auth: { user: username, pass: password.reveal() } }),
    // A text that looks like a path or an address is a text.
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}
