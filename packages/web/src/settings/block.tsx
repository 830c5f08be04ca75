import type { ComponentChildren } from 'preact';

/** One matter of the settings. */
export function Block({
  title,
  lead,
  children,
}: {
  title: string;
  lead?: string;
  children?: ComponentChildren;
}) {
  return (
    <section class="block stack">
      <h2>{title}</h2>
      {lead !== undefined && <p class="muted">{lead}</p>}
      {children}
    </section>
  );
}
