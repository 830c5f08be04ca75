import { describe, expect, it } from 'vitest';
import { canTraverse } from './server-user.js';

const user = { uid: 101, gid: 104 };

describe('canTraverse', () => {
  it.each([
    ['everyone', { uid: 0, gid: 0, mode: 0o40711 }, true],
    ['root alone', { uid: 0, gid: 0, mode: 0o40700 }, false],
    ['whoever may read and not enter', { uid: 0, gid: 0, mode: 0o40744 }, false],
    ['its owner', { uid: 101, gid: 0, mode: 0o40700 }, true],
    ['its group', { uid: 0, gid: 104, mode: 0o40710 }, true],
    ['everyone but its group, and the user is in it', { uid: 0, gid: 104, mode: 0o40701 }, false],
    ['everyone but its owner, who is the user', { uid: 101, gid: 104, mode: 0o40077 }, false],
  ])('a directory that lets in %s', (_whom, directory, isPassable) => {
    expect(canTraverse(directory, user)).toBe(isPassable);
  });
});
