import { ApiProperty } from '@nestjs/swagger';
import type { JWK } from 'jose';

/** A JSON Web Key Set (RFC 7517 §5). */
export class JwksView {
  @ApiProperty({ type: 'array', items: { type: 'object', additionalProperties: true } })
  keys!: JWK[];
}
