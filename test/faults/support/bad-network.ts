/** How often things go wrong, each between 0 and 1. */
export interface Faults {
  /** The connection fails before anything was sent. */
  readonly before: number;
  /** The server has done it, and the answer is lost. */
  readonly after: number;
  /** A chunk of a stream is followed by its end. */
  readonly stream: number;
}

/** A `fetch` over a network that loses requests, answers and streams; the same ones for the same seed. */
export function badNetwork(faults: Faults, seed: number): typeof fetch {
  const random = mulberry32(seed);
  return async (input, init) => {
    if (random() < faults.before) throw new TypeError('the connection was refused');
    const response = await fetch(input, init);
    if (response.headers.get('content-type')?.startsWith('text/event-stream'))
      return new Response(response.body?.pipeThrough(breaking(faults.stream, random)) ?? null, response);
    if (random() >= faults.after) return response;
    await response.arrayBuffer();
    throw new TypeError('the answer was lost');
  };
}

/** Ends in the middle of a chunk: what came of the event that it cuts must not count. */
function breaking(probability: number, random: () => number): TransformStream<Uint8Array, Uint8Array> {
  return new TransformStream({
    transform(chunk, controller) {
      if (random() >= probability) return controller.enqueue(chunk);
      controller.enqueue(chunk.subarray(0, Math.floor(random() * chunk.length)));
      controller.error(new TypeError('the stream broke off'));
    },
  });
}

/** Numbers from 0 to 1, the same for the same seed (Tommy Ettinger's mulberry32). */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
