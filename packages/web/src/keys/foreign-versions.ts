import type { Alarm } from '@sealgate/client';

/** The versions of the own keys that this device did not make, by the alarms about them. */
export function foreignVersions(alarms: readonly Alarm[]): ReadonlySet<number> {
  const entries = alarms
    .filter(({ check }) => check === 'own-entry')
    .map(({ evidence }) => (evidence as { entry?: { version?: unknown } }).entry?.version);
  return new Set(entries.filter((version) => typeof version === 'number'));
}
