import { cpus, release, type } from 'node:os'

/** One line that says where the figures come from. */
export function machineLine(loadTool: string): string {
  const processors = cpus()
  const model = processors[0]?.model.trim() ?? 'unknown processor'
  return `${model}, ${processors.length} cores, Node.js ${process.version}, ${type()} ${release()}, load from ${loadTool}`
}
