import { Controller, Get, Header, Query } from '@nestjs/common';
import { ApiProduces, ApiTags } from '@nestjs/swagger';
import { Public } from '../../common/http/decorators.js';
import {
  ConsistencyQuery,
  EntriesQuery,
  InclusionQuery,
  ConsistencyProofView,
  InclusionProofView,
  LogEntriesView,
} from './key-log.dto.js';
import { KeyLog } from './key-log.service.js';
import { LogSigner } from './log-signer.service.js';

const TEXT = 'text/plain; charset=utf-8';

/** The key log, for everybody: whoever watches it can tell whether keys are handed out falsely. */
@ApiTags('key log')
@Public()
@Controller('api/log')
export class KeyLogController {
  constructor(
    private readonly log: KeyLog,
    private readonly signer: LogSigner,
  ) {}

  /** The log's verifier key (C2SP signed-note): what clients pin. */
  @Get('key')
  @ApiProduces('text/plain')
  @Header('content-type', TEXT)
  key(): Promise<string> {
    return this.signer.verifierKey();
  }

  /** The newest head (C2SP tlog-checkpoint), signed. */
  @Get('checkpoint')
  @ApiProduces('text/plain')
  @Header('content-type', TEXT)
  async checkpoint(): Promise<string> {
    return (await this.log.head()).checkpoint;
  }

  /** Proves that the tree of the first `size` leaves holds leaf `index` (RFC 6962 §2.1.1). */
  @Get('proof/inclusion')
  async inclusion(@Query() { index, size }: InclusionQuery): Promise<InclusionProofView> {
    return { index, size, hashes: toBase64(await this.log.inclusion(index, size)) };
  }

  /** Proves that the tree of `from` leaves is the beginning of the tree of `to` leaves (RFC 6962 §2.1.2). */
  @Get('proof/consistency')
  async consistency(@Query() { from, to }: ConsistencyQuery): Promise<ConsistencyProofView> {
    return { from, to, hashes: toBase64(await this.log.consistency(from, to)) };
  }

  /** The leaves from `start` to before `end`. */
  @Get('entries')
  async entries(@Query() { start, end }: EntriesQuery): Promise<LogEntriesView> {
    return { entries: await this.log.entries(start, end) };
  }
}

function toBase64(hashes: readonly Buffer[]): string[] {
  return hashes.map((hash) => hash.toString('base64'));
}
