import { ACCESS, type Access } from '../../common/http/decorators.js';
import { RouteMark } from '../../common/http/route-mark.js';

/** How a route is marked; undefined means closed. */
export const accessMark = new RouteMark<Access>(ACCESS);
