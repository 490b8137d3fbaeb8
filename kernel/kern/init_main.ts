/**
 * The kern component, which every kernel has. Follows NetBSD sys/kern/init_main.c.
 */

import { type Component, component } from './component.ts';
import { kernSyscalls } from './syscalls.ts';

export const kern: Component = component({ name: 'kern', syscalls: kernSyscalls });
