import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { SEALED_REQUESTS, SEALED_SCHEMAS } from './sealed-requests.js';

/** One error code of the contract, as found in the code. */
export interface ProblemCode {
  code: string;
  status: number;
  title: string;
}

const METHODS = ['get', 'put', 'post', 'patch', 'delete'] as const;

/** The contract, generated from controllers and DTOs, as OpenAPI 3.1. */
export function createDocument(app: INestApplication, problems: readonly ProblemCode[]): OpenAPIObject {
  const builder = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Sealgate')
    .setDescription(
      'Sign-in, sessions, sealed messages. Errors are problem details (RFC 9457) with a stable `code`.\n\n' +
        SEALED_REQUESTS,
    )
    .setVersion('0.1.0')
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'at+jwt' }, 'bearer')
    .addCookieAuth('__Host-jwt', { type: 'apiKey', in: 'cookie' }, 'cookie')
    .addSecurityRequirements('bearer')
    .addSecurityRequirements('cookie');
  const document = SwaggerModule.createDocument(app, builder.build());
  document.components = {
    ...document.components,
    schemas: { ...document.components?.schemas, ...SEALED_SCHEMAS, Problem: problemSchema(problems) },
  };
  for (const path of Object.values(document.paths))
    for (const method of METHODS) {
      const operation = path[method];
      if (operation === undefined) continue;
      if ((operation as { 'x-access'?: string })['x-access'] === 'public') operation.security = [];
      operation.responses = {
        ...operation.responses,
        default: {
          description: 'Trouble',
          content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
        },
      };
    }
  return document;
}

type Schema = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>[string];

function problemSchema(problems: readonly ProblemCode[]): Schema {
  const text = { type: 'string' } as const;
  return {
    type: 'object',
    description: 'Problem details (RFC 9457).',
    required: ['type', 'title', 'status', 'instance', 'code'],
    properties: {
      type: text,
      title: text,
      status: { type: 'integer' },
      detail: text,
      instance: { ...text, description: 'The request id, as in x-request-id.' },
      code: {
        ...text,
        enum: problems.map(({ code }) => code),
        description: problems
          .map(({ code, status, title }) => `- \`${code}\` (${status}): ${title}`)
          .join('\n'),
      },
      errors: {
        type: 'array',
        items: {
          type: 'object',
          properties: { pointer: text, detail: text },
          required: ['pointer', 'detail'],
        },
      },
    },
    additionalProperties: true,
  };
}
