/** 1xx: the module and the data of a worker class. */
import assert from 'node:assert/strict'
import { workerClassProblems } from '@tunicorn/arbiter/testing'
import type { CheckInput, StandardSchemaV1 } from '@tunicorn/arbiter/worker'
import type { ImportReport } from '../processes/import-report.js'
import { workerSettings } from '../rig/worker-settings.js'
import { type Clause, clause } from '../scene/clause.js'
import type { Scene } from '../scene/scene.js'

/** What users may write by mistake. None of it may make the class throw: it refuses or accepts each. */
const wrongOptions: readonly unknown[] = [undefined, null, 0, 'text', [], [1], () => {}, Symbol('option')]
const unknownOption = 'no-such-option-of-any-class'

export const moduleClauses: readonly Clause[] = [
  clause({
    id: 'WC-101',
    look: '`contract`, `name` and `capabilities` of the default export (`WorkerClass`)',
    sentence: 'The default export is a worker class: known contract, legal name, complete capabilities',
    async run({ subject }) {
      const module: unknown = await import(subject.module)
      const exported: unknown = Reflect.get(Object(module), 'default')
      assert.deepEqual(workerClassProblems(exported), [])
      assert.deepEqual(workerClassProblems(subject.workerClass), [])
      assert.equal(
        Reflect.get(Object(exported), 'name'),
        subject.workerClass.name,
        'the module exports another class than the one under test',
      )
      const { appKinds } = subject.workerClass.capabilities
      assert.deepEqual([...new Set(appKinds)], appKinds, 'an app kind is named twice')
      assert.ok(
        !appKinds.includes('auto'),
        '`auto` is not an app kind: it means that the kind is to be found',
      )
    },
  }),
  clause({
    id: 'WC-102',
    look: 'what the module does while it is imported: heavy imports and everything else belong into `WorkerClass.create`',
    sentence: 'Importing the module has no observable effect: no handle, listener, signal handler or output',
    async run(scene) {
      const child = scene.import()
      const report = await scene.within(
        child.report((each): each is ImportReport => each !== undefined),
        'the import to end',
      )
      assert.deepEqual(report, { listeners: [], resources: [], globals: [], hasMoved: false })
      await scene.within(child.ended(), 'a process to end by itself that has only imported the module')
      assert.deepEqual({ output: child.output, ...child.exit }, { output: '', code: 0, signal: null })
    },
  }),
  clause({
    id: 'WC-103',
    look: '`WorkerClass.options`: its `~standard.validate`',
    about: 'with `options`',
    sentence: '`options` is a Standard Schema; bad options give issues with paths and never throw',
    appliesTo: ({ workerClass }) => workerClass.options !== undefined,
    async run(scene) {
      for (const given of wrongOptions) await validate(scene, given)
      const result = await validate(scene, { [unknownOption]: 1 })
      const [issue] = result.issues ?? []
      assert.ok(issue, `an option that does not exist was taken: \`${unknownOption}\``)
      assert.ok(issue.message.length > 0, 'an issue without a message')
      assert.deepEqual(pathOf(issue), [unknownOption], 'the path of the issue does not lead to the option')
      assert.equal((await validate(scene, scene.subject.options)).issues, undefined)
    },
  }),
  clause({
    id: 'WC-104',
    look: '`WorkerClass.check`, `WorkerClass.spares` and `WorkerClass.watchdog`',
    about: 'with `check`, `spares` or `watchdog`',
    sentence:
      '`check` is pure: same input, same issues; no throw, mutation or I/O. `spares` gives a whole number, `watchdog` true or false',
    appliesTo: ({ workerClass: { check, spares, watchdog } }) =>
      check !== undefined || spares !== undefined || watchdog !== undefined,
    async run(scene) {
      const { value: options } = await validOptions(scene)
      for (const input of checkInputs(scene, options)) {
        const before = structuredClone(input)
        const resources = process.getActiveResourcesInfo().length
        const first = callAll(scene, input)
        const second = callAll(scene, input)
        assert.deepEqual(first, second, 'two calls with the same input gave different results')
        assert.deepEqual(input, before, 'the input was changed')
        assert.equal(process.getActiveResourcesInfo().length, resources, 'a call has begun something')
      }
    },
  }),
]

async function validate({ subject }: Scene, given: unknown): Promise<StandardSchemaV1.Result<unknown>> {
  const schema: StandardSchemaV1 | undefined = subject.workerClass.options
  if (schema === undefined) throw new TypeError('The clause is about classes with options')
  const result = await schema['~standard'].validate(given)
  assert.ok(typeof result === 'object' && result !== null, '`validate` gave no result')
  if (result.issues) assert.ok(result.issues.length > 0, 'a refusal without an issue')
  return result
}

async function validOptions(scene: Scene): Promise<{ readonly value: unknown }> {
  if (scene.subject.workerClass.options === undefined) return { value: {} }
  const result = await validate(scene, scene.subject.options)
  assert.equal(result.issues, undefined)
  return { value: 'value' in result ? result.value : undefined }
}

/** The parts of a path are keys, or objects with a key. */
function pathOf({ path = [] }: StandardSchemaV1.Issue): readonly PropertyKey[] {
  return path.map(segment => (typeof segment === 'object' ? segment.key : segment))
}

function checkInputs({ subject }: Scene, options: unknown): readonly CheckInput[] {
  const settings = workerSettings(subject.workerClass, subject.settings, {})
  const off = Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [name, typeof value === 'number' ? 0 : value]),
  )
  const common = { group: 'default', workers: 2, options }
  return [
    { ...common, settings, given: new Set() },
    { ...common, settings, given: new Set(Object.keys(settings)) },
    { ...common, settings: { ...settings, ...off }, given: new Set(Object.keys(settings)) },
  ]
}

function callAll({ subject }: Scene, input: CheckInput): unknown {
  const { workerClass } = subject
  const issues = workerClass.check?.(input) ?? []
  assert.ok(Array.isArray(issues), '`check` gave no list of issues')
  for (const issue of issues) assert.ok(issue.message.length > 0, 'an issue without a message')
  const spares = workerClass.spares?.(input)
  assert.ok(
    spares === undefined || (Number.isSafeInteger(spares) && spares >= 0),
    '`spares` gave no whole number',
  )
  const watchdog = workerClass.watchdog?.(input)
  assert.ok(watchdog === undefined || typeof watchdog === 'boolean', '`watchdog` gave neither true nor false')
  return { issues, spares, watchdog }
}
