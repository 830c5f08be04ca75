import { ApiExtraModels, ApiProperty, getSchemaPath } from '@nestjs/swagger';
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
  @ApiProperty({ enum: ['user', 'admin'] })
  role!: Role;
  createdAt!: Date;
}

/** The own profile. */
export class OwnProfileView extends ProfileView {
  /** Asked for, and not confirmed by mail yet. */
  pendingEmail!: string | null;
}

/** What admins see of an account. */
export class AdminUserView extends ProfileView {
  suspended!: boolean;
}

/** What one account is answered as: to admins their view. */
export const PUBLIC_OR_ADMIN_VIEW = {
  anyOf: [{ $ref: getSchemaPath(AdminUserView) }, { $ref: getSchemaPath(PublicUserView) }],
};

/** A page of the directory. */
@ApiExtraModels(AdminUserView, PublicUserView)
export class UsersPage {
  @ApiProperty({ type: 'array', items: PUBLIC_OR_ADMIN_VIEW })
  items!: PublicUserView[];
  /** Null at the end. */
  nextCursor!: string | null;
}
