import type { UserEntity } from '../../users/user.entity.js';
import type { AccountView } from './sign-in.dto.js';

/** Only what the owner may see of the row leaves. */
export function toAccountView(user: UserEntity): AccountView {
  return {
    id: user.id,
    username: user.username,
    displayName: user.displayName,
    email: user.email,
    emailVerified: user.emailVerifiedAt !== null,
    avatarUrl: user.avatarUrl,
    role: user.role,
    createdAt: user.createdAt.toISOString(),
  };
}
