/**
 * What the arbiter is doing. `starting`: no group has served yet. `parked`: `WINCH` has drained all workers, until a reload.
 * `reloading` and `upgrading` servers serve too. `stopping` ends with the process.
 */
export type ArbiterPhase = 'starting' | 'serving' | 'parked' | 'reloading' | 'upgrading' | 'stopping'
