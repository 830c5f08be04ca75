/** Somebody ought to know that this happened to the account. */
export type NoticeName =
  | 'new_sign_in'
  | 'password_changed'
  | 'password_reset'
  | 'two_factor_enabled'
  | 'two_factor_disabled'
  | 'recovery_code_used'
  | 'recovery_codes_regenerated'
  | 'second_factor_locked'
  | 'session_stolen'
  | 'email_change_requested'
  | 'email_changed'
  | 'identity_linked'
  | 'identity_unlinked'
  | 'keys_changed'
  | 'keys_reset'
  | 'backup_deleted'
  | 'role_changed'
  | 'account_deleted';

/** Where and when, as far as it is known. */
export interface Occasion {
  /** RFC 3339. */
  readonly at: string;
  /** Such as "Chrome on Windows". */
  readonly device: string | null;
  readonly ip: string | null;
}

/**
 * What is written to people. No name of theirs and nothing that somebody else could have chosen stands in a mail:
 * whoever registers with another's address would write to it in our name.
 */
export type Mail =
  | { readonly kind: 'verify_email'; readonly token: string }
  | { readonly kind: 'change_email'; readonly token: string }
  | { readonly kind: 'reset_password'; readonly token: string }
  /** `times` of several that waited together; `occasion` is then that of the last. */
  | { readonly kind: NoticeName; readonly occasion: Occasion; readonly times?: number };
