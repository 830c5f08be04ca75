export const proof = {
  title: 'Is it still you?',
  lead: 'What you are about to do cannot be undone easily, so please prove once more who you are.',
  useCode: 'With a code of the authenticator',
  usePassword: 'With the password',
  with42: 'Sign in with 42 again',
} as const;
