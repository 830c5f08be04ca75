export const signIn = {
  title: 'Sign in',
  with42: 'Continue with 42',
  email: 'E-mail address',
  password: 'Password',
  submit: 'Sign in',
  forgot: 'Forgot your password?',
  noAccount: 'No account yet?',
  register: 'Make one',
  ended: 'You were signed out: from another device, or because the sign-in was over. Sign in again to go on.',
  deleted: 'Your account is deleted, and nothing of it is left on this device.',
  errors: {
    access_denied: 'You did not allow the sign-in at 42. Try again, or sign in with your e-mail address.',
    invalid_state: 'That sign-in with 42 had expired or began in another browser. Please start it again.',
    provider_unavailable:
      '42 does not answer at the moment. Try again in a minute, or use your e-mail address.',
    provider_error:
      '42 gave an answer that makes no sense. Try again; if it stays so, tell whoever runs this site.',
    account_suspended: 'This account is suspended. Ask whoever runs this site.',
    unknown: 'The sign-in with 42 did not work. Please try again.',
  },
} as const;

export const register = {
  title: 'Make an account',
  lead: 'For sealed post: only you and who you write to can read it.',
  username: 'Username',
  usernameHint: 'Others find you by it: 3 to 32 of a–z, 0–9, “_”, “.” and “-”.',
  usernameBad: 'Use 3 to 32 small letters a–z, digits, “_”, “.” or “-”.',
  emailBad: 'This does not look like an e-mail address. Is there a typing mistake?',
  submit: 'Make the account',
  haveOne: 'You have an account?',
} as const;

export const password = {
  show: 'Show the password',
  hide: 'Hide the password',
  new: 'New password',
  hint: 'At least 10 characters; four random words are a good one.',
  strength: 'Strength of the password',
  levels: ['Too easy to guess', 'Still easy to guess', 'Almost there', 'Good', 'Very good'],
  tooShort: (missing: number) => `${missing} more ${missing === 1 ? 'character' : 'characters'}`,
  rules: {
    characters: 'The password has a broken character in it. Please type it again.',
    length: 'Use 10 to 128 characters.',
    personal: 'Leave out your username and the name in your e-mail address.',
    common: 'Attackers try this one first. Take another: four random words are a good one.',
    guessable: 'This is easy to guess. Make it longer: four random words are a good one.',
  },
} as const;

export const forgot = {
  title: 'Forgot your password?',
  lead: 'Tell us the e-mail address of your account, and we mail you a link to a new password.',
  submit: 'Send the link',
  sent: 'If there is an account with this address, a link is on its way. It works once, for 30 minutes. Look into the spam folder too.',
  backToSignIn: 'Back to the sign-in',
} as const;

export const reset = {
  title: 'Set a new password',
  lead: 'All your devices are signed out afterwards. Your messages and keys stay as they are.',
  submit: 'Set the password',
  done: 'Your new password is set. Sign in with it.',
  noToken: 'This link is not complete. Open it from the mail again, or ask for another one.',
  askAgain: 'Ask for another link',
} as const;

export const verifyEmail = {
  title: 'Your e-mail address',
  busy: 'Confirming the address …',
  done: 'Your e-mail address is confirmed.',
  failed: 'This link was used before or is too old. You can have another one sent from the settings.',
} as const;

export const second = {
  title: 'One more step',
  lead: 'Type the six digits that your authenticator shows now.',
  code: 'Code',
  submit: 'Continue',
  useRecovery: 'Use a recovery code instead',
  useCode: 'Use the authenticator instead',
  recoveryLead: 'Type one of the ten recovery codes that you kept. It works once.',
  recoveryCode: 'Recovery code',
  codeBad: 'A code has six digits.',
  locked: (time: string) => `Too many wrong codes. You can try again in ${time}.`,
  unlocked: 'You can try again now.',
  signOut: 'Sign in as somebody else',
} as const;

export const firstLogin = {
  title: 'Protect your account',
  lead: 'With a second step nobody gets in who has only your password. It takes a minute, and any authenticator app.',
  scan: 'Scan this with your authenticator app',
  qrAlt: 'QR code with the secret for your authenticator',
  orType: 'Or type this secret into it',
  thenCode: 'Then type the six digits that it shows',
  activate: 'Turn it on',
  skip: 'Not now',
  skipHint: 'You can turn it on later in the settings.',
  required: 'This site asks everybody for a second step.',
} as const;

export const codes = {
  title: 'Keep your recovery codes',
  lead: 'Should you lose the authenticator, each of these lets you in once. They are shown only now: keep them where you keep other papers.',
  file: 'sealgate-recovery-codes.txt',
  fileHead: (user: string, site: string) => `Recovery codes of ${user} at ${site}. Each works once.`,
  check: (position: number) => `To be sure that you have them: type code number ${position}`,
  wrong: 'That is not the code at this place. Look at what you kept and try again.',
  submit: 'I have kept them',
} as const;
