const PATHS = {
  alert:
    'M12 8v5m0 3.5v.01M10.3 3.9 2.6 17.4A2 2 0 0 0 4.3 20.4h15.4a2 2 0 0 0 1.7-3L13.7 3.9a2 2 0 0 0-3.4 0Z',
  arrowLeft: 'M19 12H5m6-6-6 6 6 6',
  check: 'm5 12.5 4.5 4.5L19 7.5',
  checks: 'm2 12.5 4.5 4.5L16 7.5M11 16l1 1 9.500-9.500',
  clock: 'M12 7v5l3 2m6-2a9 9 0 1 1-18 0 9 9 0 0 1 18 0Z',
  close: 'M6 6l12 12M18 6 6 18',
  copy: 'M9 9h10v11H9zM5 15V4h10',
  download: 'M12 4v11m-4.500-4.500L12 15l4.500-4.500M5 20h14',
  eye: 'M2.500 12S6 5.500 12 5.500 21.500 12 21.500 12 18 18.500 12 18.500 2.500 12 2.500 12Zm9.500 3a3 3 0 1 0 0-6 3 3 0 0 0 0 6Z',
  eyeOff:
    'M4 4l16 16M9.900 5.800A9 9 0 0 1 12 5.500c6 0 9.500 6.500 9.500 6.500a17 17 0 0 1-3 3.700M6.300 7.600A16 16 0 0 0 2.500 12S6 18.500 12 18.500a9 9 0 0 0 4-.9',
  info: 'M12 11v5.500M12 7.500v.01M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0Z',
  key: 'M14.500 9.500a4.500 4.500 0 1 1-2-3.700M13 11l8 8m-3-3 2-2',
  log: 'M6 3.500h9l4 4V20.500H6zM9.500 13l2.200 2.200L16 11',
  lock: 'M6 11h12v9H6zM8.500 11V8a3.500 3.500 0 0 1 7 0v3',
  plus: 'M12 5v14M5 12h14',
  print: 'M7 9V4h10v5M7 17H4V9h16v8h-3M7 14h10v6H7z',
  search: 'M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14Zm5-2 4.500 4.500',
  send: 'M4 12 20 4l-5 16-3.500-6.500L4 12Zm7.500 1.500L20 4',
  settings:
    'M4 7h9m5 0h2M4 17h2m5 0h9M15.500 9.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5Zm-7 10a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5Z',
  shield:
    'M12 3.500 5 6v5.500c0 4.500 3 7.500 7 9 4-1.500 7-4.500 7-9V6l-7-2.500Zm-3 8.500 2.200 2.200L15.500 10',
  signOut: 'M14 4H5v16h9M10 12h11m-4-4 4 4-4 4',
  trash: 'M4 7h16M9 7V4h6v3m-8.500 0 1 13h9l1-13',
  users:
    'M9 11.500a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7Zm-6 8a6 6 0 0 1 12 0m0-14.500a3.500 3.500 0 0 1 0 6.500m2.500 3a6 6 0 0 1 3.500 5',
} as const;

export type IconName = keyof typeof PATHS;

/** Decoration only: the words beside it, or the control's label, say the same. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
