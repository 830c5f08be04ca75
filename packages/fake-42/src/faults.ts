/** What a proxy, a network or an overloaded server does to any answer. */
export const transportFaultKinds = [
  'hang',
  'slow_headers',
  'drip_body',
  'reset',
  'cut_short',
  'rate_limited',
  'internal_error',
  'bad_gateway_html',
  'html',
  'not_json',
  'empty_body',
  'redirect',
  'huge_body',
] as const;

/** What can go wrong on the way back from the sign-in page. */
export const authorizeFaultKinds = [
  'denied',
  'server_error',
  'temporarily_unavailable',
  'unknown_error',
  'wrong_state',
  'missing_state',
] as const;

const tokenFaultKinds = ['no_access_token', 'invalid_client', 'invalid_grant'] as const;

const meFaultKinds = ['unauthorized', 'forbidden'] as const;

/** A `200` whose JSON is not the profile that one hoped for. */
export const profileFaultKinds = [
  'null_body',
  'empty_object',
  'array_body',
  'id_missing',
  'id_string',
  'id_zero',
  'id_negative',
  'id_fraction',
  'id_huge',
  'image_null',
  'image_missing',
  'image_link_null',
  'image_link_http',
  'email_null',
  'email_missing',
  'email_malformed',
  'email_of_another',
  'login_missing',
  'login_odd',
  'login_long',
  'anonymised',
] as const;

export type TransportFaultKind = (typeof transportFaultKinds)[number];
export type AuthorizeFaultKind = (typeof authorizeFaultKinds)[number];
export type TokenFaultKind = TransportFaultKind | (typeof tokenFaultKinds)[number];
export type ProfileFaultKind = (typeof profileFaultKinds)[number];
export type MeFaultKind = TransportFaultKind | (typeof meFaultKinds)[number] | ProfileFaultKind;

/** One way to misbehave, at one endpoint. */
export type Fake42Fault =
  | { endpoint: 'authorize'; kind: AuthorizeFaultKind }
  | { endpoint: 'token'; kind: TokenFaultKind }
  | { endpoint: 'me'; kind: MeFaultKind };

type KindAt<E extends Fake42Fault['endpoint']> = Extract<Fake42Fault, { endpoint: E }>['kind'];

export interface MisbehaveOptions {
  /** Only the next request suffers. Otherwise every one until cleared. */
  once?: boolean;
}

/** At most one fault an endpoint; a new one takes the place of the old. */
export class Faults {
  readonly #armed = new Map<Fake42Fault['endpoint'], { kind: Fake42Fault['kind']; once: boolean }>();

  arm(fault: Fake42Fault | null, options: MisbehaveOptions = {}): void {
    if (fault) this.#armed.set(fault.endpoint, { kind: fault.kind, once: options.once ?? false });
    else this.#armed.clear();
  }

  /** The fault that this request meets, if any; a fault armed for one request is used up by it. */
  take<E extends Fake42Fault['endpoint']>(endpoint: E): KindAt<E> | null {
    const armed = this.#armed.get(endpoint);
    if (armed?.once) this.#armed.delete(endpoint);
    return (armed?.kind ?? null) as KindAt<E> | null;
  }
}

export function isTransportFault(kind: string | null): kind is TransportFaultKind {
  return transportFaultKinds.some((known) => known === kind);
}

export function isProfileFault(kind: string | null): kind is ProfileFaultKind {
  return profileFaultKinds.some((known) => known === kind);
}
