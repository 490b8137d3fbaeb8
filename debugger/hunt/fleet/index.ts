/** A hunt on many machines, which meet at a Redis server. See ../README.md. */

export { type FleetAddress, fleetAddress } from './address.ts';
export { checkReachable } from './connect.ts';
export { type FleetHuntOptions, type FleetProgress, type FleetResult, fleetHunt } from './hunt.ts';
export { type FleetWork, type FleetWorkerOptions, fleetWorker } from './worker.ts';
