// `npm run demo`: plays the whole story against a running server as two people would, a line per step.
//   npm run demo -- --url http://localhost:3001   another server than the one of `npm start`
//   npm run demo -- --oathtool                    codes from the independent program oathtool
import { parseArgs } from 'node:util';
import { ProtocolError, safetyNumber } from '@sealgate/protocol';
import { codeOf, scan } from './demo/authenticator.mjs';
import { DemoError, insist, Person } from './demo/person.mjs';
import { keysOf, open, registerKeys, seal } from './demo/sealed-post.mjs';

const options = readOptions();
const ada = new Person('Ada', options.url);
const grace = new Person('Grace', options.url);
const TEXT = 'Meet me at the bridge at nine.';
const REPLY = 'I shall bring the plans.';
/** What later steps know of earlier ones. */
const story = {};

const steps = {
  'The server is ready': () => ada.ask('GET', '/readyz', 200),
  'Ada and Grace register': () => both(register),
  'Both scan a QR code and turn on two-factor authentication': () => both(turnOnTwoFactor),
  'Both sign out, and their old tokens are refused at once': () => both(signOut),
  'Both sign in: password first, then a code': () => both(signIn),
  'A used code is refused': refuseUsedCode,
  'Both make their keys and register the public parts, logged and proven': () => both(registerKeys),
  'Both look up each other and see the same safety number': compareKeys,
  'Ada opens a chat and sends a sealed message; a retry changes nothing': send,
  'Grace receives it, opens it and marks it read': receive,
  'A message that was changed on the way is refused by name': refuseTampered,
  'Grace answers, and both read the whole history': readHistory,
  'Both sign out for good': () => both(signOut),
};

for (const [title, play] of Object.entries(steps)) {
  const began = performance.now();
  try {
    await play();
  } catch (error) {
    console.error(`✗ ${title}\n  ${explain(error)}`);
    process.exit(1);
  }
  console.log(`✓ ${title} (${Math.round(performance.now() - began)} ms)`);
}
console.log(
  `The demo passed against ${options.url}${options.oathtool ? ', with the codes of oathtool' : ''}.`,
);

function readOptions() {
  const { PUBLIC_URL, PORT = '3000' } = process.env;
  try {
    return parseArgs({
      options: {
        url: { type: 'string', default: PUBLIC_URL || `http://localhost:${PORT}` },
        oathtool: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    console.error(`${error.message}\nUsage: npm run demo -- [--url http://localhost:3000] [--oathtool]`);
    process.exit(2);
  }
}

function explain(error) {
  if (error instanceof DemoError) return error.message;
  // All that fetch itself says of any failure of the network; its cause is the rest.
  if (error.message === 'fetch failed')
    return `Nothing answers at ${options.url} (${error.cause?.code ?? error.cause?.message}). Run "npm start" first, or give another address with --url.`;
  return error.stack;
}

async function both(act) {
  await act(ada);
  await act(grace);
}

async function register(person) {
  const { username, email, password } = person;
  const { user, next } = await person.ask('POST', '/auth/register', 201, { username, email, password });
  insist(next === 'first-login', 'a new account goes on to its first login');
  person.id = user.id;
  const refused = await person.ask('GET', '/api/chats', 401);
  insist(refused.code === 'second_factor_required', 'the second step is asked for before anything else');
}

async function turnOnTwoFactor(person) {
  const { otpauthUrl, qrCode } = await person.ask('POST', '/auth/2fa/generate', 200);
  insist(qrCode.startsWith('data:image/png;base64,'), 'the QR code is a picture');
  person.secret = scan(otpauthUrl);
  const code = await codeOf(person.secret, { ...options, stepsAgo: 1 });
  const { recoveryCodes } = await person.ask('POST', '/auth/2fa/enable', 200, { code });
  insist(new Set(recoveryCodes).size === 10, 'there are ten recovery codes');
}

async function signOut(person) {
  const before = new Map(person.cookies);
  await person.ask('POST', '/auth/logout', 204);
  insist(person.cookies.size === 0, 'the cookies are gone');
  person.cookies = before;
  await person.ask('GET', '/auth/me', 401);
  person.cookies = new Map();
}

async function signIn(person) {
  const { email, password } = person;
  const { next } = await person.ask('POST', '/auth/login', 200, { email, password });
  insist(next === '2fa', 'the code is asked for');
  person.usedCode = await codeOf(person.secret, options);
  await person.ask('POST', '/auth/2fa/verify', 200, { code: person.usedCode });
  const { session } = await person.ask('GET', '/auth/me', 200);
  insist(session.tfa && session.amr.includes('mfa'), 'the session is settled');
}

async function refuseUsedCode() {
  const refused = await ada.ask('POST', '/auth/2fa/verify', 401, { code: ada.usedCode });
  insist(refused.code === 'invalid_code', 'the code counts once');
}

async function compareKeys() {
  ada.knows = await keysOf(ada, grace);
  grace.knows = await keysOf(grace, ada);
  const side = (person, statements) => ({ user: person.id, kids: statements.at(-1).kids });
  const own = { ada: side(ada, grace.knows), grace: side(grace, ada.knows) };
  insist(
    own.ada.kids.encryption === ada.keys.encryption.jwk.kid,
    "the server hands out Ada's key and no other",
  );
  const [hers, his] = await Promise.all([safetyNumber(own.ada, own.grace), safetyNumber(own.grace, own.ada)]);
  insist(hers === his && /^\d{60}$/.test(hers), 'both see the same 60 digits');
}

function recipients() {
  return [ada, grace].map((person) => person.keys.encryption.jwk);
}

async function send() {
  story.chat = await ada.ask('POST', '/api/chats', 201, { memberIds: [grace.id] });
  const sealed = await seal(ada, story.chat.id, TEXT, recipients());
  insist(!JSON.stringify(sealed).includes('bridge'), 'no plain text leaves');
  const first = await ada.ask('POST', '/api/messages/send', 201, sealed);
  const retry = await ada.ask('POST', '/api/messages/send', 200, sealed);
  insist(first.seq === 1 && retry.seq === 1 && retry.sentAt === first.sentAt, 'a retry gets the same answer');
}

async function receive() {
  const { items } = await grace.ask('GET', `/api/messages/receive/${grace.id}`, 200);
  insist(items.length === 1, 'there is one message');
  [story.received] = items;
  insist((await open(grace, story.received, grace.knows)) === TEXT, 'it says what Ada wrote');
  await grace.ask('PATCH', `/api/messages/mark-read/${story.received.id}`, 204);
  const chat = await grace.ask('GET', `/api/chats/${story.chat.id}`, 200);
  insist(chat.unreadCount === 0, 'nothing is unread');
}

async function refuseTampered() {
  const { envelope } = story.received;
  const changed = `${envelope.ciphertext.startsWith('A') ? 'B' : 'A'}${envelope.ciphertext.slice(1)}`;
  const attempts = {
    tampered: { ...story.received, envelope: { ...envelope, ciphertext: changed } },
    misplaced: { ...story.received, chatId: ada.id },
  };
  for (const [reason, message] of Object.entries(attempts)) {
    const thrown = await open(grace, message, grace.knows).catch((error) => error);
    insist(thrown instanceof ProtocolError && thrown.reason === reason, `it is refused as ${reason}`);
  }
}

async function readHistory() {
  await grace.ask('POST', '/api/messages/send', 201, await seal(grace, story.chat.id, REPLY, recipients()));
  for (const [reader, own, other] of [
    [ada, grace.knows, ada.knows],
    [grace, ada.knows, grace.knows],
  ]) {
    const { items } = await reader.ask('GET', `/api/messages/history/${story.chat.id}?after=0`, 200);
    const texts = [];
    for (const message of items)
      texts.push(await open(reader, message, message.senderId === reader.id ? own : other));
    insist(texts.join('|') === `${TEXT}|${REPLY}`, `${reader.name} reads both messages, in order`);
  }
}
