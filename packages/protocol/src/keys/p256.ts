const P = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn;
const B = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn;

/**
 * Whether the point lies on P-256: y² = x³ − 3x + b, both coordinates reduced. The curve's order is prime, so that
 * every such point generates the whole group.
 *
 * @see NIST SP 800-186 §3.2.1.3
 */
export function isOnP256(x: bigint, y: bigint): boolean {
  return x < P && y < P && (y * y - (x * x * x - 3n * x + B)) % P === 0n;
}
