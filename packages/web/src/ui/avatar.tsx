const HUES = 6;

/** Initials on one of a few colours, always the same for the same person. */
export function Avatar({ name, id, isGroup = false }: { name: string; id: string; isGroup?: boolean }) {
  const letters = [...name.matchAll(/[\p{L}\p{N}]+/gu)].map(([word]) => [...word][0] ?? '');
  const initials = (
    isGroup ? letters.slice(0, 2) : [letters[0] ?? '?', letters.length > 1 ? (letters.at(-1) ?? '') : '']
  ).join('');
  let hash = 0;
  for (const character of id) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) >>> 0;
  return (
    <span class={`avatar hue-${hash % HUES} ${isGroup ? 'group' : ''}`} aria-hidden="true">
      {initials.toUpperCase()}
    </span>
  );
}
