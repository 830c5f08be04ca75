import { Controller, Get, Header, Param, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Public } from '../../common/http/decorators.js';
import { KeyLogTiles } from './key-log-tiles.service.js';

const BYTES = 'application/octet-stream';

/** A year: the longest that caches are told (RFC 9111 has no other limit than what others follow). */
const FULL = 'public, max-age=31536000, immutable';
/** It does not change either, but the next registration makes a wider one, and nobody asks for this one again. */
const PARTIAL = 'public, max-age=60';

/** The key log as tiles, for whoever copies or watches the whole of it; any cache may hold them. */
@ApiTags('key log')
@ApiProduces(BYTES)
@Public()
@Controller('api/log/tile')
export class KeyLogTilesController {
  constructor(private readonly tiles: KeyLogTiles) {}

  // A path for each number of digits of the index, as the router serves no catch-all routes.
  @Get([':level/:n', ':level/:n/:n2', ':level/:n/:n2/:n3', ':level/:n/:n2/:n3/:n4'])
  @ApiOperation({
    summary: 'A tile of the key log (C2SP tlog-tiles)',
    description:
      'Below the prefix `/api/log`: `tile/<L>/<N>[.p/<W>]` are W (256 without `.p`) hashes of 32 bytes of level 8·L of ' +
      'the tree, `tile/entries/<N>[.p/<W>]` the leaves’ bytes, each behind its length in two bytes. N is written in ' +
      'groups of three digits, all but the last behind an `x`: 1234067 is `x001/x234/067`. Full tiles never change. ' +
      'What is not there yet is `404`.',
  })
  @ApiParam({ name: 'level', description: '`0` to `63`, or `entries`', example: 'entries' })
  @ApiParam({ name: 'n', description: 'The first group of N', example: '000.p' })
  @ApiParam({ name: 'n2', required: false, description: 'The next group, or W', example: '1' })
  @ApiParam({ name: 'n3', required: false, description: 'The next group, or W' })
  @ApiParam({ name: 'n4', required: false, description: 'W' })
  @ApiOkResponse({ content: { [BYTES]: { schema: { type: 'string', format: 'binary' } } } })
  @Header('content-type', BYTES)
  async tile(
    @Param() parts: Readonly<Record<string, string>>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Buffer> {
    const { level, n, n2, n3, n4 } = parts;
    const path = [level, n, n2, n3, n4].filter((part) => part !== undefined).join('/');
    const { bytes, isFull } = await this.tiles.read(path);
    void reply.header('cache-control', isFull ? FULL : PARTIAL);
    return bytes;
  }
}
