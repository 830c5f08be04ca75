/** x⁵ + x² + 1, by which GF(32) is made; its element 2 generates all others. */
const FIELD = 0b100101;

/** The generator (x − 2)(x − 4) = x² + 6x + 8. */
const GENERATOR = [6, 8] as const;

const ROOTS = [2, 4] as const;

/**
 * The symbols, at most 29 numbers from 0 to 31, with two more that make them a Reed–Solomon code word. Two code words
 * differ in at least three places.
 */
export function appendCheck(symbols: readonly number[]): number[] {
  let [high, low] = [0, 0];
  for (const symbol of symbols) {
    const feedback = symbol ^ high;
    [high, low] = [low ^ multiply(feedback, GENERATOR[0]), multiply(feedback, GENERATOR[1])];
  }
  return [...symbols, high, low];
}

/** Whether these are the symbols of {@link appendCheck}. */
export function hasCheck(symbols: readonly number[]): boolean {
  return ROOTS.every((root) => symbols.reduce((value, symbol) => multiply(value, root) ^ symbol, 0) === 0);
}

/** The product in GF(32). */
function multiply(a: number, b: number): number {
  let product = 0;
  for (let bit = 4; bit >= 0; bit -= 1) {
    product <<= 1;
    if (product & 32) product ^= FIELD;
    if ((b >> bit) & 1) product ^= a;
  }
  return product;
}
