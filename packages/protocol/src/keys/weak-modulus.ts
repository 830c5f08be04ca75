/** The odd primes up to 167, the ones that the published test for CVE-2017-15361 looks at. */
const PRIMES = [
  3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107,
  109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167,
] as const;

/**
 * Whether an RSA modulus is one that should never have been made: even, divisible by a small prime, or from the
 * chips with the ROCA flaw. Their primes are `k·M + 65537^a mod M` with M the product of the first primes, so that
 * modulo each of these the modulus is a power of 65537. A good modulus is so by chance once in about 2^27; whoever
 * makes keys simply makes another.
 *
 * @see Nemec et al., The Return of Coppersmith's Attack, CCS 2017, §4.1 (CVE-2017-15361)
 */
export function isWeakModulus(n: bigint): boolean {
  if (n % 2n === 0n) return true;
  const residues = PRIMES.map((prime) => ({ prime, residue: Number(n % BigInt(prime)) }));
  if (residues.some(({ residue }) => residue === 0)) return true;
  return residues.every(({ prime, residue }) => powersOf65537(prime).has(residue));
}

function powersOf65537(prime: number): Set<number> {
  const powers = new Set<number>();
  for (let power = 1; !powers.has(power); power = (power * 65537) % prime) powers.add(power);
  return powers;
}
