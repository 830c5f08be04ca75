export const keys = {
  setUpTitle: 'Setting up your sealed post',
  setUpLead:
    'This device makes your keys now. They never leave it in the clear; nobody else can read what is sealed to them.',
  steps: {
    generating: 'Making your keys',
    'sealing-backup': 'Sealing the backup',
    registering: 'Registering the public part',
    'saving-backup': 'Saving the backup',
    'checking-backup': 'Checking that the backup opens',
    deriving: 'Deriving the key from the passphrase',
    done: 'Done',
  },
  codeTitle: 'Write down your recovery code',
  codeLead:
    'With this one code a new device gets your keys and your whole history. Nobody can replace it: not even who runs this site. Keep it on paper.',
  code: 'Recovery code',
  file: 'sealgate-recovery-code.txt',
  fileHead: (user: string, site: string) => `Recovery code of the sealed messages of ${user} at ${site}`,
  check: 'Now type it off your note, to be sure',
  checkHint: 'Capital letters and the spaces between do not matter.',
  wrongCode: 'This is another code than the one above. Compare them and try again.',
  checkSubmit: 'It is written down',
  later: 'Later',
  restoreTitle: 'Open your messages on this device',
  restoreLead:
    'Your account has keys that are not here yet. Bring them with your recovery code, and your whole history with them.',
  useCode: 'With the recovery code',
  usePassphrase: 'With the passphrase',
  passphrase: 'Passphrase',
  restore: 'Restore',
  lostTitle: 'Code and passphrase are lost?',
  lostLead:
    'Another device that is still signed in may have the keys. Otherwise you can start with new ones: what was sealed to the old ones stays closed for good, and everybody you write to is told.',
  reset: 'Start with new keys',
  resetTitle: 'Really start with new keys?',
  resetConfirm: 'Yes, make new keys',
  alarmTitle: 'The server was caught at something it must not do',
  alarmLead:
    'Its log of keys does not add up. Do not rely on keys that are new to you; compare safety numbers, and ask whoever runs this site on another way.',
  alarmChecks: {
    signature: 'The log is signed with another key than before.',
    consistency: 'The log does not continue the one that was seen before.',
    'old-head': 'The server showed an older state of the log than before.',
    inclusion: 'Somebody’s keys are not in the log.',
    chain: 'Somebody’s keys do not follow from the ones before.',
    'known-keys': 'Keys that were verified before were replaced.',
    entries: 'The entries of the log do not match its head.',
    'own-entry': 'There are keys for your account that this device did not make.',
    'message-head': 'Somebody was shown another log than you.',
  },
  foreignTitle: (version: number) =>
    `Your account has new keys (number ${version}) that this device did not make`,
  foreignOwn:
    'Was it you, on another device? Then restore them here with the recovery code that came with them, and this goes away.',
  foreignOther:
    'If it was not you, somebody else is in your account and reads what is written to you from now on: sign all other devices out, change your password, and start with new keys.',
  foreignHistory: 'See your keys',
  foreignDevices: 'Sign out other devices',
  foreignKeys: 'Restore, or start with new keys',
  evidence: 'Save the evidence',
  dismiss: 'I have looked into it',
} as const;

export const contact = {
  title: (name: string) => `Verify ${name}`,
  lead: 'Compare this number with the one on the other’s screen, side by side or over the phone. If they are the same, nobody sits between you.',
  number: 'Safety number',
  qrAlt: 'The safety number as a QR code',
  same: 'They are the same',
  verified: 'You have compared this number.',
  logged: 'Verified by the key log',
  loggedLead: (index: number, size: number) =>
    `These keys are entry ${index + 1} of ${size} in the log that everybody is shown. The server cannot give you others without being caught.`,
  compared: 'Compared in person',
  notCompared: 'Not compared in person yet',
  notComparedLead: 'Only the two of you can do that. Then nobody has to be trusted with the keys at all.',
  unmark: 'Take the mark off',
  different: 'They differ?',
  differentLead:
    'Then do not write anything secret here. Reload both, compare again, and if they still differ, ask whoever runs this site.',
  noKeys: 'This person has no keys yet. They are made when they first open their chats.',
  changed: 'These keys are others than were here before.',
  history: 'Keys of this person',
  version: (number: number) => `Keys number ${number}`,
  since: (time: string) => `since ${time}`,
  back: 'Back to the chat',
} as const;

export const history = {
  title: 'Your keys, as everybody sees them',
  lead: 'Every version that was ever registered for your account, proven by the key log. There should be none that you do not remember.',
  entry: (index: number) => `entry ${index + 1} in the key log`,
  first: 'The first keys of the account.',
  follows: 'Signed by the keys before: made by who had those.',
  reset: 'Made anew, without the keys before.',
  encryption: 'To seal with',
  signing: 'To sign with',
  here: 'On this device',
  elsewhere: 'Not on this device',
  foreign: 'Not made by this device',
  logLead:
    'The log can only grow. Your device checks that it continues what it has seen, that everybody’s keys stand in it, and that it holds none for you that you did not make.',
} as const;
