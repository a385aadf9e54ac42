export type { Notification, NotificationEvent } from "./notification.ts";
