/** What concerns one connection only (RFC 9110 §7.6.1). */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'expect',
]);

/**
 * The headers that are passed on, as they came: duplicates too, since refusing them is the server's business.
 * @param raw names and values in turn, as node:http gives and takes them.
 * @param request true keeps `transfer-encoding: chunked`, without which a body of unknown length would be left out.
 */
export function endToEnd(raw, { request = false } = {}) {
  const pairs = Array.from({ length: raw.length / 2 }, (_, i) => [raw[2 * i], raw[2 * i + 1]]);
  const named = new Set(
    pairs
      .filter(([name]) => name.toLowerCase() === 'connection')
      .flatMap(([, value]) => value.split(',').map((item) => item.trim().toLowerCase())),
  );
  const isChunked = pairs.some(([name]) => name.toLowerCase() === 'transfer-encoding');
  const kept = pairs.filter(([name]) => {
    const key = name.toLowerCase();
    return !HOP_BY_HOP.has(key) && !named.has(key) && !(request && key === 'x-forwarded-for');
  });
  if (request && isChunked) kept.push(['transfer-encoding', 'chunked']);
  return kept.flat();
}

/** This balancer's own hop at the end of what came: with TRUSTED_PROXIES=1 it is the only one believed. */
export function forwardedFor(request) {
  const before = request.headers['x-forwarded-for'];
  const hop = request.socket.remoteAddress ?? 'unknown';
  return ['x-forwarded-for', before === undefined ? hop : `${before}, ${hop}`];
}
