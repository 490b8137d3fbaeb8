/** Live values of the target as variables, and the way back to them. See README.md. */

export { Handles, type HandlesOptions, type Held, type How, type ScopeEntry } from './handles.ts';
export { describeLive, typeOf } from './live.ts';
export { follow, type Trail, type TrailRoot, type TrailStep } from './trail.ts';
