/**
 * V8 says on standard error alone that its heap is exhausted, and the process ends as by `abort()`. Node's diagnostic report
 * says it where the arbiter reads.
 */

/** Into the file of this descriptor. Where the app's own reports go is not changed; who has asked Node for reports gets theirs. */
export function reportFatalErrors(fd: number): void {
  const { report } = process
  if (!report || report.reportOnFatalError || report.reportOnSignal || report.reportOnUncaughtException)
    return
  const place = `/dev/fd/${fd}`
  const { filename } = report
  const writeReport = report.writeReport.bind(report)
  // What others are in it costs time in a process that dies, and is none of the arbiter's business.
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
