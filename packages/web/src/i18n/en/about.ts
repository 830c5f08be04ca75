export const about = {
  title: 'What is protected, and what is not',
  lead: 'Sealgate seals messages on your device, so that the server carries what it cannot read. This page says plainly what that is worth.',
  protectedTitle: 'What is protected',
  protected: [
    'What you write. Only the members of a chat can open it; a stolen database, a backup, a log file or an administrator reading along learns nothing of it.',
    'That it is yours. Every message is signed: nobody can change, forge, move or repeat one unnoticed, and a message that is left out leaves a visible gap.',
    'Whose key it is. Keys stand in a public log that your device checks by itself; with somebody you know, compare the safety number once and nobody can sit between you.',
    'Your sign-in. Passwords are kept as keyed hashes, the second step cannot be gone round, and a device you sign out is out within a second.',
    'Your history. One recovery code brings it to a new device; the server keeps it only encrypted.',
  ],
  notTitle: 'What is not protected',
  not: [
    'Who writes to whom, when, and how much. The server sees that.',
    'The past, if your keys are stolen: whoever has your keys, or your recovery code and your account, can read all of it.',
    'A server that sends you altered program code. If you must exclude that, use a client that does not come from the server.',
    'A device that somebody else controls, and people who pass on what you wrote to them.',
    'The loss of everything at once: without your devices, the recovery code and the passphrase, nobody can open your messages again.',
  ],
  howTitle: 'How you can help',
  how: [
    'Turn the second step on, and keep its recovery codes on paper.',
    'Write down the recovery code of your messages, and keep it apart from your devices.',
    'Compare safety numbers with the people who matter.',
  ],
} as const;
