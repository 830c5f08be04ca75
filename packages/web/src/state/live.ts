import type { Alarm, EventData } from '@sealgate/client';
import { signal } from '@preact/signals';
import { nameIn } from '../chats/chat-names.js';
import { t } from '../i18n/catalogue.js';
import { announce } from '../ui/announcer.js';
import {
  chats,
  forgetChats,
  loadChats,
  shownChat,
  takeChat,
  takeMessage,
  takeOutbox,
  takeRead,
} from './chats.js';
import { navigate } from './location.js';
import { forgetKeys, loadKeyStatus } from './own-keys.js';
import { sealgate } from './sealgate.js';
import { me } from './session.js';

/** Whether news arrives at once. */
export const connection = signal<EventData['connection']['state']>('connected');
/** The server was caught, and nobody has looked into it yet. */
export const alarms = signal<readonly Alarm[]>([]);
/** Counts changes of anybody's keys, for what shows how far they are trusted. */
export const keyChanges = signal(0);

let startedFor: string | null = null;
let listeners: readonly (() => void)[] = [];

/** Follows what happens to the account, for as long as somebody is signed in; safe to call again. */
export function follow(userId: string): void {
  if (startedFor === userId) return;
  startedFor = userId;
  listen();
  void loadChats();
  void loadKeyStatus();
  void loadAlarms();
  sealgate.events.connect();
}

/** Nobody is signed in here any more. */
export function unfollow(): void {
  if (startedFor === null) return;
  startedFor = null;
  for (const stop of listeners) stop();
  sealgate.events.close();
  forgetChats();
  forgetKeys();
}

export async function loadAlarms(): Promise<void> {
  alarms.value = (await sealgate.keyLog.status()).alarms;
}

function listen(): void {
  const { events } = sealgate;
  // The list may have been read before the stream began.
  const readAnew = (): void => void loadChats();
  listeners = [
    events.on('ready', readAnew),
    events.on('reset', readAnew),
    events.on('message', (item) => {
      const isNew = !item.own && item.kind === 'message' && item.chatId === shownChat.peek();
      takeMessage(item);
      if (isNew) announce(t.chat.says(nameIn(chats.peek()?.get(item.chatId), item.senderId), item.text));
    }),
    events.on('read', takeRead),
    events.on('chat', takeChat),
    events.on('outbox', takeOutbox),
    events.on('connection', ({ state }) => (connection.value = state)),
    events.on('alarm', () => void loadAlarms()),
    events.on('keys', ({ userId }) => {
      keyChanges.value += 1;
      if (userId === me.peek()?.user.id) void lookAtOwnKeys();
    }),
    events.on('session', leave),
    events.on('signed-out', leave),
  ];
}

/** New keys of one's own account are either one's own doing elsewhere or somebody else's: the log tells which. */
async function lookAtOwnKeys(): Promise<void> {
  await loadKeyStatus();
  // What it finds is an alarm; what keeps it from looking now does not keep it at the next sign-in.
  await sealgate.keyLog.watchOwn().catch(() => undefined);
  await loadAlarms();
}

/** Signed out from elsewhere, or in another tab. */
function leave(): void {
  if (me.peek() === null) return;
  me.value = null;
  navigate('/sign-in?ended', { replace: true });
}
