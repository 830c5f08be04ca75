/** What went wrong, and what to do next, by the code of the error. */
export const errors = {
  network: 'The server cannot be reached. Check your connection and try again.',
  timeout: 'The server takes too long to answer. Try again in a moment.',
  service_unavailable: 'The server is too busy at the moment. Try again in a few seconds.',
  internal_error:
    'Something went wrong on the server. Try again; if it stays so, tell whoever runs this site.',
  bad_response:
    'The answer is not one of a Sealgate server. Reload the page; if it stays so, tell whoever runs this site.',
  rate_limited: 'That was too often. Wait a little and try again.',
  unauthenticated: 'Your sign-in is over. Sign in again.',
  second_factor_required: 'The second step is still open. Sign in again.',
  forbidden: 'You may not do that. Ask whoever owns it.',
  not_found: 'It is not there any more. Go back and look again.',
  validation_failed: 'Something is not filled in as it should be. Look at the fields and try again.',
  invalid_credentials: 'E-mail address or password is wrong. Try again, or set a new password.',
  wrong_password: 'That is not your password. Try again.',
  invalid_code: 'This code is not right, or was used before. Wait for the next one and type that.',
  second_factor_locked: 'Too many wrong codes. Wait a quarter of an hour and try again.',
  two_factor_enabled: 'The second step is on already. Reload the page.',
  two_factor_not_generated: 'This secret is not valid any more. Reload the page and scan the new one.',
  two_factor_required: 'This site asks everybody for a second step. Please set it up.',
  username_taken: 'Somebody has this username. Take another one.',
  email_taken: 'There is an account with this address already. Sign in, or set a new password.',
  weak_password: 'This password is too weak. Take a longer one: four random words are good.',
  invalid_token: 'This link was used before or is too old. Ask for another one.',
  account_suspended: 'This account is suspended. Ask whoever runs this site.',
  reauthentication_required: 'Please prove once more that it is you.',
  last_admin: 'You are the last administrator. Make somebody else one first.',
  user_without_keys:
    'This person has never opened Sealgate’s chats, so nothing can be sealed for them yet. Ask them to sign in once.',
  direct_chat: 'A chat of two has no other members. Make a group instead.',
  contact_keys_changed: 'The keys of somebody in this chat have changed. Look at them before you go on.',
  key_log_alarm:
    'The server’s key log does not add up, so nothing was used. Do not trust what it says about keys; ask whoever runs this site on another way.',
  key_log_conflict:
    'The server shows people different key logs. Nothing is sealed until you have looked into it.',
  keys_missing: 'This account has no keys yet. Set up your sealed post first.',
  keys_locked: 'Your keys are not on this device. Restore them with your recovery code.',
  recipients_unsettled: 'The members of this chat keep changing. Try again in a moment.',
  message_too_large: 'This message is too long to be sealed in one. Send it in parts.',
  mistyped_code: 'There is a typing mistake in the recovery code. Compare it with what you wrote down.',
  wrong_secret: 'The backup does not open with this. Compare it with what you wrote down.',
  no_passphrase: 'This backup has no passphrase. Use the recovery code.',
  damaged_backup:
    'The backup is damaged or belongs to another account. Use another device that has the keys, or start with new ones.',
  backup_unverified: 'The backup was written but could not be read back, so it is not safe yet. Try again.',
  backup_conflict: 'Another device has changed the backup meanwhile. Reload and try again.',
  clipboard: 'The browser does not let this page copy. Select the text and copy it yourself.',
  unknown: 'Something went wrong. Try again; if it stays so, reload the page.',
} as const;

export const errorDetails = {
  reference: (id: string) => `Reference: ${id}`,
  waitSeconds: (seconds: number) => `Try again in ${seconds} ${seconds === 1 ? 'second' : 'seconds'}.`,
} as const;
