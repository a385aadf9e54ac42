import { gitPlatformContract } from "../../platform.contract.ts";
import { openServerHost } from "./testing/server-host.ts";

gitPlatformContract("bitbucket-server", () => openServerHost());
