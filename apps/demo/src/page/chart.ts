/** A chart of a measured value over the seconds of a run, with a colour per group. */
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { type Lane, lanes } from '../shared/lane.js'

/** One line of a group. */
interface Line {
  readonly isDashed: boolean
}

export interface ChartOptions {
  /** The lines of every group. */
  readonly lines: readonly Line[]
  readonly isLogarithmic: boolean
}

/** A point of a group: seconds, then a value for each of its lines. */
export type Point = readonly [seconds: number, ...values: (number | null)[]]

const height = 230
/** A chart without points still has axes. */
const emptySeconds = 6

export class Chart {
  readonly #box: HTMLElement
  readonly #options: ChartOptions
  readonly #points = new Map<Lane, Point[]>()
  #plot: uPlot

  constructor(box: HTMLElement, options: ChartOptions) {
    this.#box = box
    this.#options = options
    this.#plot = this.#draw()
    new ResizeObserver(() => this.#plot.setSize({ width: box.clientWidth, height })).observe(box)
    // A canvas does not pick up new colours by itself.
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
      this.#plot.destroy()
      this.#plot = this.#draw()
    })
  }

  clear(): void {
    this.#points.clear()
    this.#plot.setData(this.#data())
  }

  add(lane: Lane, point: Point): void {
    this.#points.set(lane, [...(this.#points.get(lane) ?? []), point])
    this.#plot.setData(this.#data())
  }

  #draw(): uPlot {
    const { lines, isLogarithmic } = this.#options
    const ink = colourOf('--quiet')
    const axis: uPlot.Axis = {
      stroke: ink,
      grid: { stroke: colourOf('--line'), width: 1 },
      ticks: { stroke: colourOf('--line'), width: 1 },
      font: '12px system-ui, sans-serif',
    }
    const series = lanes.flatMap(lane =>
      lines.map(
        ({ isDashed }): uPlot.Series => ({
          stroke: colourOf(`--${lane}`),
          width: isDashed ? 1.5 : 2.5,
          spanGaps: true,
          points: { show: false },
          ...(isDashed && { dash: [5, 4] }),
        }),
      ),
    )
    const y: uPlot.Scale = isLogarithmic
      ? { distr: 3, range: [1, 10_000] }
      : { range: (_plot, _min, max) => [0, Math.max(10, max * 1.1)] }
    return new uPlot(
      {
        width: this.#box.clientWidth,
        height,
        legend: { show: false },
        cursor: { show: false },
        scales: { x: { time: false, range: (_plot, _min, max) => [0, Math.max(emptySeconds, max)] }, y },
        axes: [
          { ...axis, values: (_plot, ticks) => ticks.map(tick => `${tick} s`) },
          { ...axis, size: 60 },
        ],
        series: [{}, ...series],
      },
      this.#data(),
      this.#box,
    )
  }

  /** uPlot wants one list of seconds for all lines, with gaps where a group has no point. */
  #data(): uPlot.AlignedData {
    const { lines } = this.#options
    return uPlot.join(
      lanes.map(lane => {
        const points = this.#points.get(lane) ?? []
        return [
          points.map(([seconds]) => seconds),
          ...lines.map((_, index) => points.map(point => point[index + 1] ?? null)),
        ]
      }),
    )
  }
}

function colourOf(property: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(property).trim()
}
