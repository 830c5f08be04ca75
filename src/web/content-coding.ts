import type { ContentCoding } from './web-files.js';

const PREFERRED: readonly ContentCoding[] = ['br', 'gzip'];

/**
 * The best coding that is there and that the client takes; `identity` otherwise.
 *
 * @param accept the header Accept-Encoding.
 * @see RFC 9110 §12.5.3
 */
export function chooseCoding(
  accept: string | undefined,
  isThere: (coding: ContentCoding) => boolean,
): ContentCoding {
  const weights = new Map(
    (accept ?? '').split(',').map((part) => {
      const [name = '', ...parameters] = part.split(';').map((piece) => piece.trim().toLowerCase());
      const quality = parameters.find((parameter) => parameter.startsWith('q='));
      return [name, quality === undefined ? 1 : Number(quality.slice(2))] as const;
    }),
  );
  const takes = (coding: ContentCoding): boolean => (weights.get(coding) ?? weights.get('*') ?? 0) > 0;
  return PREFERRED.find((coding) => isThere(coding) && takes(coding)) ?? 'identity';
}
