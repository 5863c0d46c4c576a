/** The effect of the settings `inspect` and `inspectBrk` on a configuration: nothing may end a worker that somebody debugs. */
import type { InspectorInit } from '../protocol/messages.js'
import type { IssueList } from './config-issue.js'
import type { GivenValue, GivenValues } from './given-value.js'
import { inspectorAddressOf, inspectorOff, isLoopback } from './inspector-address.js'
import type { MergedSettings } from './merge.js'
import type { SettingName } from './setting-record.js'
import type { ArbiterSettings } from './settings.js'

/** Debugging is a mode of the whole server. */
export interface DebugMode {
  /** The inspector of the first group. Each further group uses the next port. */
  readonly inspector: InspectorInit
  /** What it sets in each group, above all given values. */
  readonly layer: GivenValues
  readonly warnings: readonly string[]
}

const forced: Readonly<Partial<Record<SettingName, number | string>>> = {
  workers: 1,
  autoscale: 'off',
  timeout: 0,
  bootTimeout: 0,
  canarySeconds: 0,
  maxRequests: 0,
  maxAge: 0,
  maxRss: 0,
}

/** Undefined if nobody debugs. Adds an issue for an address that others can reach, unless it was given on the command line. */
export function debugModeOf(
  { inspect, inspectBrk }: ArbiterSettings,
  merged: MergedSettings,
  issues: IssueList,
): DebugMode | undefined {
  const isBreaking = inspectBrk !== inspectorOff
  const text = isBreaking ? inspectBrk : inspect
  const at = inspectorAddressOf(text)
  if (text === inspectorOff || !at) return undefined
  const name = isBreaking ? 'inspectBrk' : 'inspect'
  const given = merged.given.get(name)
  const isOpen = !isLoopback(at.host)
  if (isOpen && given?.source !== 'flag')
    issues.addInvalid(
      given?.path ?? [name],
      `Expected \`${name}\` to be a loopback address, got \`${text}\`, from ${given?.origin}: whoever reaches an inspector can run code in the worker. Only a command line that is typed may ask for that: ${flags[name]}=${text}`,
    )
  return {
    inspector: { host: at.host, port: at.port, isBreaking },
    layer: new Map(Object.entries(forced).map(([setting, value]) => layerEntry(setting, value, name))),
    warnings: isOpen
      ? [
          `The inspector at ${text} can be reached from other machines: whoever reaches it can run code in the worker`,
        ]
      : [],
  }
}

const flags = { inspect: '--inspect', inspectBrk: '--inspect-brk' } as const

function layerEntry(setting: string, value: number | string, origin: SettingName): [SettingName, GivenValue] {
  // It is a key of `forced`.
  const name = setting as SettingName
  return [name, { name, value, source: 'debugging', origin: `the setting ${origin}`, path: [name] }]
}

/** Each group gets its own port, because several cannot share one. */
export function inspectorOfGroup({ inspector }: DebugMode, index: number): InspectorInit {
  return { ...inspector, port: inspector.port === 0 ? 0 : inspector.port + index }
}
