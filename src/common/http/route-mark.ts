import type { ExecutionContext } from '@nestjs/common';

/**
 * What `SetMetadata` has put on a route's handler, else on its class. As Nest's `Reflector` answers it, but asked once
 * for each route: guards ask at each request.
 */
export class RouteMark<T> {
  private readonly known = new WeakMap<object, Map<object, T | undefined>>();

  constructor(private readonly key: symbol) {}

  /** Undefined where neither is marked. */
  of(context: ExecutionContext): T | undefined {
    const [controller, handler] = [context.getClass(), context.getHandler()];
    // By class as well: several may inherit one handler.
    let handlers = this.known.get(controller);
    if (handlers === undefined) this.known.set(controller, (handlers = new Map()));
    if (!handlers.has(handler)) handlers.set(handler, this.read(handler) ?? this.read(controller));
    return handlers.get(handler);
  }

  private read(target: object): T | undefined {
    return Reflect.getMetadata(this.key, target) as T | undefined;
  }
}
