/** A look into a living worker: what is wanted, and what has come of it. */
import type { FileExamination, InspectorOrder, InspectorReport, StackReport } from '../protocol/messages.js'

/** What somebody wants of a worker. `file`: where it goes; the worker makes it. */
export type ExaminationOrder =
  | { readonly type: 'stack' }
  | { readonly type: 'inspect'; readonly order: InspectorOrder }
  | { readonly type: 'file'; readonly examination: FileExamination; readonly file: string }

/** One that is under way, or over. */
export interface Examination {
  readonly order: ExaminationOrder
  /** Arbiter time; it is given up then. Until then the silence of the worker does not count. */
  readonly until: number
  readonly isOver: boolean
  readonly problem: string | undefined
  readonly stack: StackReport | undefined
  readonly inspector: InspectorReport | undefined
}
