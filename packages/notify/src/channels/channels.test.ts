import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { Secret } from "@kubeferry/model";
import { type Behaviour, channelContract, type OpenChannel } from "../channel.contract.ts";
import type { ChannelSettings } from "../channel-settings.ts";
import { openChannel } from "../registry.ts";
import { type HttpAnswer, startHttpReceiver } from "../testing/http-receiver.ts";
import { startMailServer } from "../testing/mail-server.ts";
import { around } from "../testing/surroundings.ts";

const PATH = "/services/T000/planted";
const ON = ["failure"] as const;

const HTTP_ANSWERS: Readonly<Record<Behaviour, readonly HttpAnswer[]>> = {
  takes: [],
  refuses: [{ status: 404 }],
  away: [{ status: 503 }],
  silent: ["silence"],
  gone: [],
};

async function openHttp(type: "slack" | "webhook", behaviour: Behaviour): Promise<OpenChannel> {
  const receiver = await startHttpReceiver(HTTP_ANSWERS[behaviour]);
  const url = new Secret(`${receiver.url}${PATH}`);
  const settings: ChannelSettings = { type, url, on: [...ON], escalation: false };
  if (behaviour === "gone") await receiver.close();
  return {
    channel: await openChannel(settings, around),
    arrived: () => receiver.posted.map(({ body }) => body),
    close: behaviour === "gone" ? async () => undefined : receiver.close,
  };
}

async function openMail(behaviour: Behaviour): Promise<OpenChannel> {
  const login = { username: "me", password: "planted-password" };
  const answers = { takes: [], refuses: [550], away: [451], silent: [], gone: [] }[behaviour];
  const server = await startMailServer({ login, answers });
  const silent = behaviour === "silent" ? await startSilence() : undefined;
  if (behaviour === "gone") await server.close();
  const settings: ChannelSettings = {
    type: "email",
    on: [...ON],
    escalation: false,
    host: "127.0.0.1",
    port: silent?.port ?? server.port,
    tls: "required",
    caFile: server.certificate.caFile,
    username: login.username,
    password: new Secret(login.password),
    from: "kubeferry@example.com",
    to: ["ops@example.com"],
  };
  return {
    channel: await openChannel(settings, around),
    // A mail breaks its lines by "=" where they are long.
    arrived: () => server.received.map(({ source }) => source.replaceAll("=\r\n", "").replaceAll("=3D", "=")),
    async close() {
      silent?.close();
      if (behaviour !== "gone") await server.close();
    },
  };
}

/** Takes connections and says nothing. */
async function startSilence(): Promise<{ readonly port: number; close(): void }> {
  const sockets = new Set<{ destroy(): void }>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

channelContract("slack", (behaviour) => openHttp("slack", behaviour), "planted");
channelContract("webhook", (behaviour) => openHttp("webhook", behaviour), "planted");
channelContract("email", openMail, "planted");
