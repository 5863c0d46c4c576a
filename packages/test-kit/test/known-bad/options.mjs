/** Less patience than by default: those who never do what they should are waited for in full. Threads take long to start. */
export function knownBadOptions({ name }) {
  return name === 'thread-pool' ? { options: { threads: 3 }, patience: 20 } : { patience: 10 }
}
