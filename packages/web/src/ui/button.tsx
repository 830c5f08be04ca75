import type { ComponentChildren, JSX } from 'preact';
import { Icon, type IconName } from './icon.js';

interface ButtonProps extends Omit<JSX.IntrinsicElements['button'], 'icon' | 'size'> {
  readonly look?: 'primary' | 'plain' | 'quiet' | 'danger';
  readonly icon?: IconName;
  readonly isBusy?: boolean;
  readonly children?: ComponentChildren;
}

/** While it is busy it keeps its size and its focus, and says so. */
export function Button({ look = 'plain', icon, isBusy = false, children, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      class={`button ${look} ${isBusy ? 'busy' : ''}`}
      aria-busy={isBusy}
      aria-disabled={isBusy || rest.disabled === true}
    >
      {icon !== undefined && <Icon name={icon} />}
      <span>{children}</span>
    </button>
  );
}

interface IconButtonProps extends Omit<JSX.IntrinsicElements['button'], 'icon' | 'label'> {
  readonly icon: IconName;
  readonly label: string;
}

/** A button with a picture; its label is read out and shown on hovering. */
export function IconButton({ icon, label, ...rest }: IconButtonProps) {
  return (
    <button type="button" {...rest} class="icon-button" aria-label={label} title={label}>
      <Icon name={icon} />
    </button>
  );
}
