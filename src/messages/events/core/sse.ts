/** One event of the stream; `data` is JSON, so it has no line breaks. @see HTML §9.2.5 (parsing an event stream) */
export function sseEvent(event: string, id: string, data: string): string {
  return `id: ${id}\nevent: ${event}\ndata: ${data}\n\n`;
}

/** Keeps proxies from closing an idle stream, and finds out that a peer is gone. */
export const SSE_HEARTBEAT = ':\n\n';

/** How long a client waits before it connects again. */
export const SSE_RETRY = 'retry: 1000\n\n';
