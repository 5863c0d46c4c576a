/** A look into a running worker: what was asked, and what came of it. */
import type { FileExamination, InspectorOrder, InspectorReport, StackReport } from '../protocol/messages.js'

/** What is asked of a worker. `file`: the path of a file that the worker creates. */
export type ExaminationOrder =
  | { readonly type: 'stack' }
  | { readonly type: 'inspect'; readonly order: InspectorOrder }
  | { readonly type: 'file'; readonly examination: FileExamination; readonly file: string }

/** An examination that is under way or over. */
export interface Examination {
  readonly order: ExaminationOrder
  /** Arbiter time when it is given up. Until then the silence of the worker does not count. */
  readonly until: number
  readonly isOver: boolean
  readonly problem: string | undefined
  readonly stack: StackReport | undefined
  readonly inspector: InspectorReport | undefined
}
