/** Real processes, sockets and clients for the tests of this repository. */

export { type Account, accountOf } from './account.js'
export { type Address, connectionTo, portOf } from './address.js'
export { type CodeBlock, codeBlocks, codeIn } from './code-blocks.js'
export { type ControlGroup, controlGroup } from './control-group.js'
export { type Deferred, deferred } from './deferred.js'
export type { Answer, LoadFailure, LoadReport, OutcomeClass } from './load-report.js'
export { checkAllOk, LoadRun, type LoadRunOptions } from './load-run.js'
export { isAlive, openDescriptors, residentBytes, zombiesOf } from './process-facts.js'
export { type RawExchangeOptions, rawExchange } from './raw-exchange.js'
export { type Exit, type ProcessOptions, RunningProcess, startProcess } from './running-process.js'
export { seeded } from './seeded.js'
export { Successors } from './successors.js'
export { type TemporaryDirectory, temporaryDirectory } from './temporary-directory.js'
export { startInTerminal, type TerminalOptions, type TerminalStep } from './terminal.js'
export {
  listeningUrl,
  listeningUrls,
  servingUrl,
  startTunicorn,
  startTunicornInTerminal,
  type TunicornOptions,
  testNode,
  tunicornMain,
} from './tunicorn.js'
export { bootedPids, survivors, unreapedPids, waitForWorkers } from './workers.js'
