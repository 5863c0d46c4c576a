/**
 * What the arbiter is at. `starting`: no group has served yet. `parked`: `WINCH` has sent all workers away, until a reload.
 * `reloading` and `upgrading` servers serve as well. `stopping` ends with the process.
 */
export type ArbiterPhase = 'starting' | 'serving' | 'parked' | 'reloading' | 'upgrading' | 'stopping'
