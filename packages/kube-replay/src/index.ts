export { type ReplayServer, serveSnapshot } from "./replay-server.ts";
