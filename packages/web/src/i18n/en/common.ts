export const common = {
  language: 'Language',
  whatIsProtected: 'What is protected',
  copied: 'Copied',
  copy: 'Copy',
  cancel: 'Cancel',
  close: 'Close',
  back: 'Back',
  save: 'Save',
  saved: 'Saved',
  continue: 'Continue',
  download: 'Download',
  print: 'Print',
  tryAgain: 'Try again',
  loading: 'Loading',
  signIn: 'Sign in',
  signOut: 'Sign out',
  home: 'To your chats',
  skipToContent: 'Skip to the content',
  or: 'or',
  you: 'You',
} as const;

export const notFound = {
  title: 'There is no such page',
  lead: 'The address may be mistyped, or what was here has moved. Nothing of yours is lost.',
} as const;

export const unreachable = {
  title: 'The server cannot be reached',
} as const;
