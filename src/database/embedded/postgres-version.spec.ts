import { describe, expect, it } from 'vitest';
import { chooseBinaries, parsePostgresVersion, type Binaries } from './postgres-version.js';

describe('parsePostgresVersion', () => {
  it.each([
    ['postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n', { major: 15, minor: 18, isPrerelease: false }],
    ['postgres (PostgreSQL) 18.4\n', { major: 18, minor: 4, isPrerelease: false }],
    ['postgres (PostgreSQL) 19beta2\n', { major: 19, minor: 0, isPrerelease: true }],
    ['postgres (PostgreSQL) 20devel\n', { major: 20, minor: 0, isPrerelease: true }],
  ])('reads %j', (text, version) => {
    expect(parsePostgresVersion(text)).toEqual(version);
  });

  it('reads nothing from another program', () => {
    expect(parsePostgresVersion('git version 2.39.5')).toBeUndefined();
  });
});

describe('chooseBinaries', () => {
  const of = (text: string): Binaries => {
    const version = parsePostgresVersion(`postgres (PostgreSQL) ${text}`);
    if (!version) throw new TypeError(text);
    return { directory: `/pg/${text}`, version };
  };
  const choose = (found: string[], clusterMajor?: number): string | undefined =>
    chooseBinaries(found.map(of), clusterMajor)?.directory;

  it('gives a new cluster the newest release, by number and not by text', () => {
    expect(choose(['16.9', '16.10', '15.18'])).toBe('/pg/16.10');
  });

  it('gives a new cluster no beta', () => {
    expect(choose(['19beta2', '17.6'])).toBe('/pg/17.6');
  });

  it('gives a new cluster nothing older than the tests run on', () => {
    expect(choose(['14.19', '9.6'])).toBeUndefined();
  });

  it('gives a cluster its own major version, and no other', () => {
    expect(choose(['18.4', '15.17', '15.18'], 15)).toBe('/pg/15.18');
    expect(choose(['18.4', '17.6'], 15)).toBeUndefined();
  });

  it('gives a cluster that a beta made that beta', () => {
    expect(choose(['19beta2', '18.4'], 19)).toBe('/pg/19beta2');
  });
});
