import type { Role } from './user.entity.js';

/** What every signed-in person sees of an account. */
export class PublicUserView {
  id!: string;
  username!: string;
  displayName!: string;
  avatarUrl!: string | null;
  /** Messages can be sealed to this person. */
  hasKeys!: boolean;
}

/** What people see of themselves. */
export class ProfileView extends PublicUserView {
  email!: string | null;
  emailVerified!: boolean;
  role!: Role;
  createdAt!: Date;
}

/** What admins see of an account. */
export class AdminUserView extends ProfileView {
  suspended!: boolean;
}

/** A page of the directory; admins get {@link AdminUserView}s. */
export class UsersPage {
  items!: PublicUserView[];
  /** Null at the end. */
  nextCursor!: string | null;
}
