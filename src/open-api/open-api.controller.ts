import { createReadStream, existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Controller, Get, Header, Param, StreamableFile } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Public } from '../common/http/decorators.js';
import { NotFound } from '../common/problem/common.errors.js';
import { DOCS_CONTENT_SECURITY_POLICY, docsPage, DOCS_SCRIPT } from './docs-page.js';

/** Written by the build, beside the compiled server. */
const DOCUMENT = new URL('../../openapi.json', import.meta.url);
const TYPES: Record<string, string> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
};

/** The generated contract and a page to read it. */
@ApiExcludeController()
@Public()
@Controller('api')
export class OpenApiController {
  /** Found by its own package, as it is the swagger module's dependency and not ours. */
  private readonly assets = dirname(
    createRequire(createRequire(import.meta.url).resolve('@nestjs/swagger')).resolve(
      'swagger-ui-dist/package.json',
    ),
  );

  @Get('openapi.json')
  document(): StreamableFile {
    if (!existsSync(DOCUMENT)) throw new NotFound({ detail: 'The document is made by the build.' });
    return new StreamableFile(createReadStream(DOCUMENT), { type: 'application/json; charset=utf-8' });
  }

  @Get('docs')
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('content-security-policy', DOCS_CONTENT_SECURITY_POLICY)
  page(): string {
    return docsPage();
  }

  @Get('docs/start.js')
  @Header('content-type', 'text/javascript; charset=utf-8')
  script(): string {
    return DOCS_SCRIPT;
  }

  @Get('docs/:asset')
  asset(@Param('asset') asset: string): StreamableFile {
    const type = Object.hasOwn(TYPES, asset) ? TYPES[asset] : undefined;
    if (type === undefined) throw new NotFound();
    return new StreamableFile(createReadStream(join(this.assets, asset)), { type });
  }
}
