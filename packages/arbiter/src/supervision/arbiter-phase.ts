/**
 * What the arbiter is doing. `starting`: no group has served yet. `parked`: `WINCH` has drained all workers until a reload.
 * A server also serves while `reloading` and `upgrading`. `stopping` lasts until the process ends.
 */
export type ArbiterPhase = 'starting' | 'serving' | 'parked' | 'reloading' | 'upgrading' | 'stopping'
