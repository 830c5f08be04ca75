import type { UserEntity } from './user.entity.js';
import type { AdminUserView, ProfileView, PublicUserView } from './user-views.dto.js';

/** The members of a row that views are made of. */
export type UserRow = Omit<UserEntity, 'secondStepSettledAt' | 'deletedAt'>;

/** {@link UserRow}'s columns for hand-written SQL. */
export const USER_COLUMNS = `id, username, email, email_verified_at AS "emailVerifiedAt",
  display_name AS "displayName", avatar_url AS "avatarUrl", role, suspended_at AS "suspendedAt",
  created_at AS "createdAt"`;

export function toPublicView(user: UserRow, hasKeys: boolean): PublicUserView {
  const { id, username, displayName, avatarUrl } = user;
  return { id, username, displayName, avatarUrl, hasKeys };
}

export function toProfileView(user: UserRow, hasKeys: boolean): ProfileView {
  const { email, role, createdAt } = user;
  return {
    ...toPublicView(user, hasKeys),
    email,
    emailVerified: user.emailVerifiedAt !== null,
    role,
    createdAt,
  };
}

export function toAdminView(user: UserRow, hasKeys: boolean): AdminUserView {
  return { ...toProfileView(user, hasKeys), suspended: user.suspendedAt !== null };
}
