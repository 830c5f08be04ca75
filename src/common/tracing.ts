import { createRequire } from 'node:module';
import type { Span } from '@opentelemetry/api';
import type { FastifyInstance, FastifyRequest } from 'fastify';

/** Where spans go, by OpenTelemetry's own variables. */
export interface TracingConfig {
  /** OTLP over HTTP with JSON. */
  readonly url: string;
  readonly serviceName: string;
}

/**
 * One span for each request and, below it, for each SQL statement (its text with placeholders, never the values).
 * A span names the route's pattern and never the URL: ids, searches and 42's codes stay out, as out of the log.
 * The packages are loaded only here, so that who does not trace pays nothing for it.
 * @see OpenTelemetry semantic conventions for HTTP spans
 */
export async function traceRequests(fastify: FastifyInstance, config: TracingConfig): Promise<void> {
  const { context, propagation, SpanKind, SpanStatusCode, trace } = await import('@opentelemetry/api');
  await startProvider(fastify, config);
  const tracer = trace.getTracer('sealgate');
  const spans = new WeakMap<FastifyRequest, Span>();
  fastify.addHook('onRequest', (request, _reply, done) => {
    const caller = propagation.extract(context.active(), request.headers);
    const span = tracer.startSpan(
      request.method,
      { kind: SpanKind.SERVER, attributes: { 'http.request.method': request.method } },
      caller,
    );
    spans.set(request, span);
    context.with(trace.setSpan(caller, span), done);
  });
  fastify.addHook('onResponse', (request, { statusCode }, done) => {
    const route = request.routeOptions.url ?? 'unknown';
    const span = spans.get(request);
    span?.updateName(`${request.method} ${route}`);
    span?.setAttributes({
      'http.route': route,
      'http.response.status_code': statusCode,
      'sealgate.request_id': request.id,
    });
    if (statusCode >= 500) span?.setStatus({ code: SpanStatusCode.ERROR });
    span?.end();
    done();
  });
}

async function startProvider(fastify: FastifyInstance, { url, serviceName }: TracingConfig): Promise<void> {
  const [
    { BatchSpanProcessor, NodeTracerProvider },
    { OTLPTraceExporter },
    { PgInstrumentation },
    resources,
  ] = await Promise.all([
    import('@opentelemetry/sdk-trace-node'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/instrumentation-pg'),
    import('@opentelemetry/resources'),
  ]);
  const provider = new NodeTracerProvider({
    resource: resources
      .defaultResource()
      .merge(resources.resourceFromAttributes({ 'service.name': serviceName })),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter({ url }))],
  });
  provider.register();
  const statements = new PgInstrumentation({ requireParentSpan: true });
  statements.setTracerProvider(provider);
  // What is imported is not seen by the instrumentation; what is required is, and it is the same module.
  createRequire(import.meta.url)('pg');
  fastify.addHook('onClose', () => provider.shutdown());
}
