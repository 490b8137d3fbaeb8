/** Every request that is answered, by name. What is not here is refused in a sentence. */

import { breakpointRequests } from './breakpoints.ts';
import { bookmarkRequests } from './bookmarks.ts';
import { consoleRequests } from './console.ts';
import { dataRequests } from './data.ts';
import { evaluateRequests } from './evaluate.ts';
import { exceptionRequests } from './exceptions.ts';
import { gotoRequests } from './goto.ts';
import { lifecycleRequests } from './lifecycle.ts';
import { memoryRequests } from './memory.ts';
import { moduleRequests } from './modules.ts';
import { motionRequests } from './motion.ts';
import { saveRequests } from './save.ts';
import type { Requests } from './session.ts';
import { sourceRequests } from './sources.ts';
import { stackRequests } from './stacks.ts';
import { threadRequests } from './threads.ts';
import { timeRequests } from './time.ts';
import { variableRequests } from './variables.ts';
import { viewRequests } from './views.ts';
import { watchRequests } from './watch.ts';

export const REQUESTS: ReadonlyMap<string, Requests[string]> = new Map(
  [
    lifecycleRequests,
    breakpointRequests,
    dataRequests,
    exceptionRequests,
    motionRequests,
    gotoRequests,
    threadRequests,
    stackRequests,
    variableRequests,
    evaluateRequests,
    memoryRequests,
    sourceRequests,
    moduleRequests,
    timeRequests,
    watchRequests,
    bookmarkRequests,
    viewRequests,
    consoleRequests,
    saveRequests,
  ].flatMap((requests) => Object.entries(requests)),
);
