export type { NewsMemory } from "./memory/memory.ts";
export { createProcessMemory } from "./memory/process-memory.ts";
export { createStoredMemory } from "./memory/stored-memory.ts";
export { notificationJsonSchema } from "./message.ts";
export type { Notification } from "./notification.ts";
export { createNotifier, type Delivery, type Notifier } from "./notifier.ts";
