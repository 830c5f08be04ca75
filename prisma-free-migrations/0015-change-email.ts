import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A third kind of mail link: the one by which a new address agrees. */
export class ChangeEmail1700000000015 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE mail_tokens DROP CONSTRAINT mail_tokens_purpose_check`);
    await runner.query(`ALTER TABLE mail_tokens ADD CONSTRAINT mail_tokens_purpose_check
      CHECK (purpose IN ('verify_email', 'reset_password', 'change_email'))`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DELETE FROM mail_tokens WHERE purpose = 'change_email'`);
    await runner.query(`ALTER TABLE mail_tokens DROP CONSTRAINT mail_tokens_purpose_check`);
    await runner.query(`ALTER TABLE mail_tokens ADD CONSTRAINT mail_tokens_purpose_check
      CHECK (purpose IN ('verify_email', 'reset_password'))`);
  }
}
