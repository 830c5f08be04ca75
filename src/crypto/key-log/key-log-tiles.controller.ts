import { applyDecorators, Controller, Get, Header, Param, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Public } from '../../common/http/decorators.js';
import { KeyLogTiles } from './key-log-tiles.service.js';

const BYTES = 'application/octet-stream';

/** A year: the longest that caches are told (RFC 9111 has no other limit than what others follow). */
const FULL = 'public, max-age=31536000, immutable';
/** It does not change either, but the next registration makes a wider one, and nobody asks for this one again. */
const PARTIAL = 'public, max-age=60';

const PARAMETERS = {
  level: { description: '`0` to `63`, or `entries`', example: 'entries' },
  n: { description: 'N, or its first group', example: '000' },
  n2: { description: 'The next group of N, or W', example: '1' },
  n3: { description: 'The next group of N, or W', example: '067' },
  n4: { description: 'W', example: '17' },
} as const;

/** What all paths of tiles have in common, and the parts that this one has. */
const TilePath = (...names: (keyof typeof PARAMETERS)[]): MethodDecorator =>
  applyDecorators(
    Get(names.map((name) => `:${name}`).join('/')),
    Header('content-type', BYTES),
    ApiOperation({
      summary: 'A tile of the key log (C2SP tlog-tiles)',
      description:
        'Below the prefix `/api/log`: `tile/<L>/<N>[.p/<W>]` are W (256 without `.p`) hashes of 32 bytes of level 8·L of ' +
        'the tree, `tile/entries/<N>[.p/<W>]` the leaves’ bytes, each behind its length in two bytes. N is written in ' +
        'groups of three digits, all but the last behind an `x`: 1234067 is `x001/x234/067`. Full tiles never change. ' +
        'What is not there yet is `404`.',
    }),
    ApiOkResponse({ content: { [BYTES]: { schema: { type: 'string', format: 'binary' } } } }),
    ...names.map((name) => ApiParam({ name, ...PARAMETERS[name] })),
  );

type Parts = Readonly<Partial<Record<keyof typeof PARAMETERS, string>>>;

/**
 * The key log as tiles, for whoever copies or watches the whole of it; any cache may hold them. A route for each number
 * of parts that a path can have, as the router serves no catch-all routes.
 */
@ApiTags('key log')
@Public()
@Controller('api/log/tile')
export class KeyLogTilesController {
  constructor(private readonly tiles: KeyLogTiles) {}

  @TilePath('level', 'n')
  full(@Param() parts: Parts, @Res({ passthrough: true }) reply: FastifyReply): Promise<Buffer> {
    return this.answer(parts, reply);
  }

  @TilePath('level', 'n', 'n2')
  partial(@Param() parts: Parts, @Res({ passthrough: true }) reply: FastifyReply): Promise<Buffer> {
    return this.answer(parts, reply);
  }

  @TilePath('level', 'n', 'n2', 'n3')
  far(@Param() parts: Parts, @Res({ passthrough: true }) reply: FastifyReply): Promise<Buffer> {
    return this.answer(parts, reply);
  }

  @TilePath('level', 'n', 'n2', 'n3', 'n4')
  farPartial(@Param() parts: Parts, @Res({ passthrough: true }) reply: FastifyReply): Promise<Buffer> {
    return this.answer(parts, reply);
  }

  private async answer({ level, n, n2, n3, n4 }: Parts, reply: FastifyReply): Promise<Buffer> {
    const path = [level, n, n2, n3, n4].filter((part) => part !== undefined).join('/');
    const { bytes, isFull } = await this.tiles.read(path);
    void reply.header('cache-control', isFull ? FULL : PARTIAL);
    return bytes;
  }
}
