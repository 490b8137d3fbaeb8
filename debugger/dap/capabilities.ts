/**
 * Capabilities: what the adapter can do (the answer to `initialize`), and what the target that is
 * there cannot do where it stands (`capabilities` events, of what has changed).
 */

import type { DebugProtocol } from '@vscode/debugprotocol';
import type { TargetCapabilities } from '../target/index.ts';
import { EXCEPTION_FILTERS } from './filters.ts';
import type { Session } from './session.ts';

/** Capabilities that are the same for every target. */
const ALWAYS: DebugProtocol.Capabilities = {
  supportsConfigurationDoneRequest: true,
  supportsFunctionBreakpoints: true,
  supportsConditionalBreakpoints: true,
  supportsHitConditionalBreakpoints: true,
  supportsLogPoints: true,
  supportsBreakpointLocationsRequest: true,
  supportsEvaluateForHovers: true,
  supportsClipboardContext: true,
  supportsCompletionsRequest: true,
  completionTriggerCharacters: ['.', '['],
  supportsStepInTargetsRequest: true,
  supportsSteppingGranularity: true,
  supportsDelayedStackTraceLoading: true,
  supportsModulesRequest: true,
  additionalModuleColumns: [
    { attributeName: 'sources', label: 'Sources', type: 'number', width: 8 },
  ],
  supportsLoadedSourcesRequest: true,
  supportsExceptionInfoRequest: true,
  supportsExceptionOptions: true,
  supportsExceptionFilterOptions: true,
  exceptionBreakpointFilters: [...EXCEPTION_FILTERS],
  supportsReadMemoryRequest: true,
  supportsRestartRequest: true,
  supportsTerminateRequest: true,
  supportTerminateDebuggee: true,
  supportsCancelRequest: true,
};

/** Capabilities that depend on the target. */
function dependent(can: TargetCapabilities): DebugProtocol.Capabilities {
  return {
    supportsStepBack: can.backwards,
    supportsRestartFrame: can.backwards,
    supportsGotoTargetsRequest: can.backwards || can.forwards,
    supportsSetVariable: can.writes,
    supportsSetExpression: can.writes,
    supportsWriteMemoryRequest: can.writes,
    supportsDataBreakpoints: can.dataBreakpoints,
    supportsSingleThreadExecutionRequests: can.holdsOthers,
  };
}

/** Before there is a target everything is promised: a client hides what is not. */
const EVERYTHING: TargetCapabilities = {
  forwards: true,
  backwards: true,
  writes: true,
  evaluates: true,
  holdsOthers: true,
  dataBreakpoints: true,
  reason: '',
};

export class CapabilityTeller {
  #told: Record<string, unknown> = {};

  /** The answer to `initialize`. */
  initial(): DebugProtocol.Capabilities {
    const promised = dependent(EVERYTHING);
    this.#told = { ...promised };
    return { ...ALWAYS, ...promised };
  }

  /** Tells the client what has changed since it was last told. */
  update(session: Session): void {
    const now = Object.entries(dependent(session.target.capabilities()));
    const changed = now.filter(([name, value]) => this.#told[name] !== value);
    if (changed.length === 0) return;
    const capabilities = Object.fromEntries(changed);
    Object.assign(this.#told, capabilities);
    session.tell('capabilities', { capabilities });
  }
}
