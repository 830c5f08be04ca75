import { Injectable } from '@nestjs/common';

/** Which people messages can be sealed to. */
@Injectable()
export class KeyHolders {
  among(_userIds: readonly string[]): Promise<ReadonlySet<string>> {
    return Promise.resolve(new Set());
  }

  async has(userId: string): Promise<boolean> {
    return (await this.among([userId])).has(userId);
  }
}
