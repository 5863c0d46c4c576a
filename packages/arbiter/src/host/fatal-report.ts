/**
 * When V8's heap is exhausted, V8 says so only on standard error, and the process ends as if by `abort()`. Node's diagnostic
 * report puts the same information where the arbiter can read it.
 */

/** Directs the report to this descriptor. The app's own reports stay where they were, and reports that are already on are left alone. */
export function reportFatalErrors(fd: number): void {
  const { report } = process
  if (!report || report.reportOnFatalError || report.reportOnSignal || report.reportOnUncaughtException)
    return
  const place = `/dev/fd/${fd}`
  const { filename } = report
  const writeReport = report.writeReport.bind(report)
  // The other parts of a report cost time in a process that dies, and are none of the arbiter's business.
  Object.assign(report, {
    reportOnFatalError: true,
    compact: true,
    excludeNetwork: true,
    excludeEnv: true,
    filename: place,
  })
  report.writeReport = (file?: string | Error, error?: Error) => {
    const own = report.filename
    if (own === place) report.filename = filename
    try {
      return typeof file === 'string' ? writeReport(file, error) : writeReport(file)
    } finally {
      report.filename = own
    }
  }
}
