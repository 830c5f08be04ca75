/** Who a request acts for, as its verified access token says. */
export interface Principal {
  readonly userId: string;
  readonly sessionId: string;
  /** The second step is settled. */
  readonly tfa: boolean;
  /** RFC 8176 values plus `42`. */
  readonly amr: readonly string[];
  /** When a factor was last proven, seconds since the epoch. */
  readonly authTime: number;
}
