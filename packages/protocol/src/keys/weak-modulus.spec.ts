import { expect, it } from 'vitest';
import { isWeakModulus } from './weak-modulus.js';

const primes = [...Array(168).keys()].filter(
  (p) => p > 1 && [...Array(p).keys()].every((d) => d < 2 || p % d !== 0),
);
const product = primes.reduce((value, p) => value * BigInt(p), 1n);

/** The next number from here on that no prime of the list divides. */
function coprime(from: bigint): bigint {
  for (let n = from; ; n += 1n) if (primes.every((p) => n % BigInt(p) !== 0n)) return n;
}

const good = coprime(1n << 3071n);

it('takes a number that nothing small divides', () => {
  expect(isWeakModulus(good)).toBe(false);
});

it('refuses a number that any one of the primes divides, and no other', () => {
  for (const p of primes) {
    // Modulo p it is 0, and modulo all others what the good number is.
    const rest = product / BigInt(p);
    let n = good;
    while (n % BigInt(p) !== 0n) n += rest;
    expect(isWeakModulus(n), `divisible by ${p}`).toBe(true);
  }
});

it('refuses powers of 65537 modulo the primes, which the flawed chips make', () => {
  for (const exponent of [0n, 1n, 1234n, 99_999n]) {
    let residue = 1n;
    for (let i = 0n; i < exponent; i += 1n) residue = (residue * 65_537n) % product;
    expect(isWeakModulus((good / product) * product + residue)).toBe(true);
  }
});
