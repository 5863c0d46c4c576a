/** For authors of worker classes, of drivers and of fixture apps. */
export type { Act, Driver, DriverAnswer, DriverClient } from '../driver/driver.js'
export { httpDriver } from '../driver/http-driver.js'
export type { ConformanceOptions } from '../scene/subject.js'
export type { AppStage, AppVariant, CreateApp } from '../stage/app-stage.js'
export { checkWorkerClass } from '../suite/check-worker-class.js'
export { describeWorkerClass, type TestRunner } from '../suite/describe-worker-class.js'
export { type ClauseSummary, listClauses } from '../suite/list-clauses.js'
export { type ClauseResult, type ConformanceReport, formatReport, formatResult } from '../suite/report.js'
