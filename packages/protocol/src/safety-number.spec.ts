import { createHash } from 'node:crypto';
import { expect, it, vi } from 'vitest';
import { formatSafetyNumber, safetyNumber, type SafetyNumberSide } from './safety-number.js';
import { refusal } from './testing/refusal.js';

vi.setConfig({ testTimeout: 60_000 });

const ada: SafetyNumberSide = {
  user: '0b4b1dcb-3b2a-4d1c-9a57-0d8a3e3c8f10',
  kids: {
    encryption: 'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs',
    signing: 'cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s',
  },
};
const bob: SafetyNumberSide = {
  user: '1b4b1dcb-3b2a-4d1c-9a57-0d8a3e3c8f11',
  kids: {
    encryption: 'oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U',
    signing: 'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k',
  },
};

/** messages.md §4 word for word, with Node's hash and big integers. */
function halfBySpecification({ user, kids }: SafetyNumberSide): string {
  const key = Buffer.from(`${kids.encryption}.${kids.signing}`, 'ascii');
  let h = Buffer.concat([Buffer.from([0x00, 0x00]), key, Buffer.from(user, 'ascii')]);
  for (let i = 0; i < 5200; i += 1) h = createHash('sha512').update(h).update(key).digest();
  let digits = '';
  for (let at = 0; at < 30; at += 5) {
    digits += (BigInt(`0x${h.subarray(at, at + 5).toString('hex')}`) % 100_000n).toString().padStart(5, '0');
  }
  return digits;
}

it('is what the specification says, the smaller half first', async () => {
  const [a, b] = [halfBySpecification(ada), halfBySpecification(bob)];
  expect(await safetyNumber(ada, bob)).toBe(a < b ? a + b : b + a);
});

it('is this number, today and in ten years', async () => {
  expect(formatSafetyNumber(await safetyNumber(ada, bob))).toBe(
    '14126 24528 89846 91851 65416 40128 43728 98669 16740 38824 18988 39307',
  );
});

it('is the same for both, and another one with any other key', async () => {
  const number = await safetyNumber(ada, bob);
  expect(number).toMatch(/^\d{60}$/);
  expect(await safetyNumber(bob, ada)).toBe(number);
  const { encryption, signing } = bob.kids;
  expect(await safetyNumber(ada, { ...bob, kids: { encryption: ada.kids.encryption, signing } })).not.toBe(
    number,
  );
  expect(await safetyNumber(ada, { ...bob, kids: { encryption, signing: ada.kids.signing } })).not.toBe(
    number,
  );
});

it('is between two people with keys', async () => {
  expect(await refusal(() => safetyNumber(ada, ada))).toBe('malformed');
  expect(await refusal(() => safetyNumber(ada, { ...bob, user: 'bob' }))).toBe('malformed');
  expect(await refusal(() => safetyNumber(ada, { ...bob, kids: { encryption: '', signing: '' } }))).toBe(
    'malformed',
  );
});
