/** The answer of the health routes. */
export class HealthView {
  status!: 'ok';
}
