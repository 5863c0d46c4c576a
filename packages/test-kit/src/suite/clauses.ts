/** All clauses of the contract, in the order of their numbers. */
import { bootClauses } from '../clauses/boot-clauses.js'
import { closeClauses } from '../clauses/close-clauses.js'
import { connectionClauses } from '../clauses/connection-clauses.js'
import { drainClauses } from '../clauses/drain-clauses.js'
import { exchangeClauses } from '../clauses/exchange-clauses.js'
import { heartbeatClauses } from '../clauses/heartbeat-clauses.js'
import { lifespanClauses } from '../clauses/lifespan-clauses.js'
import { moduleClauses } from '../clauses/module-clauses.js'
import { processClauses } from '../clauses/process-clauses.js'
import { requestClauses } from '../clauses/request-clauses.js'
import { responseClauses } from '../clauses/response-clauses.js'
import { surroundingsClauses } from '../clauses/surroundings-clauses.js'
import { upgradeClauses } from '../clauses/upgrade-clauses.js'
import type { Clause } from '../scene/clause.js'

/** The revision of the contract that these clauses belong to. */
export const contractRevision = 1

export const clauses: readonly Clause[] = [
  ...moduleClauses,
  ...bootClauses,
  ...exchangeClauses,
  ...requestClauses,
  ...responseClauses,
  ...connectionClauses,
  ...upgradeClauses,
  ...heartbeatClauses,
  ...drainClauses,
  ...closeClauses,
  ...processClauses,
  ...lifespanClauses,
  ...surroundingsClauses,
].sort((left, right) => left.id.localeCompare(right.id))
