/** The gate with the seal in it. */
export function Logo() {
  return (
    <svg class="logo" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="9" class="logo-ground" />
      <path d="M8 25V14a8 8 0 0 1 16 0v11" class="logo-gate" />
      <circle cx="16" cy="18.5" r="4" class="logo-seal" />
    </svg>
  );
}
