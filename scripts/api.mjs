/** `npm run api`: writes `packages/NAME/api.md`, the public API of what was built last. With `--check` it compares instead. */
import { writeFileSync } from 'node:fs'
import { apiProblems, apiReports, reportFile } from './lib/api-report.mjs'
import { workspaces } from './lib/workspaces.mjs'

const published = workspaces().filter(({ manifest }) => manifest.private !== true)
if (process.argv.includes('--check')) {
  const problems = apiProblems(published)
  for (const problem of problems) console.log(problem)
  if (problems.length > 0)
    console.log('Where that is meant: `npm run api` writes it, and the difference belongs into the commit')
  process.exitCode = problems.length > 0 ? 1 : 0
} else {
  for (const { workspace, text } of apiReports(published)) writeFileSync(reportFile(workspace), text)
}
