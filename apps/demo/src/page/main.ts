/** The page: puts the sections together and feeds them. */
import type { ControlEvent, ServerStatus } from '@tunicorn/arbiter/control'
import type { LaneSummary } from '../shared/progress.js'
import { applyEvent } from './apply-event.js'
import { bindDeploys } from './deploys.js'
import { find, setText } from './dom.js'
import { Journal } from './journal.js'
import { LaneCards } from './lane-cards.js'
import { LiveStatus } from './live-status.js'
import { MixedLoad } from './mixed-load.js'
import { Orders } from './orders.js'
import { bindPicture } from './picture.js'
import { showRecorded } from './recorded.js'
import { bindRoom } from './room.js'
import { newReload, StatusChanges } from './status-changes.js'
import { Tally } from './tally.js'
import { bindShowMe } from './tour/show-me.js'
import { Tiles } from './tour/tiles.js'
import { lostVerdict } from './tour/verdicts.js'

/** How often to update what goes on counting by itself. */
const tickMs = 100

const token = document.querySelector<HTMLMetaElement>('meta[name=demo-token]')?.content ?? ''
const orders = new Orders(token)
const journal = new Journal(find('journal', HTMLOListElement))
const tally = new Tally()
const tiles = new Tiles(find('verdicts', HTMLOListElement))
const live = new LiveStatus()

const count = (summary: LaneSummary): void => {
  tally.add(summary)
  tiles.show('lost', tally.failed === 0 ? 'good' : 'bad', lostVerdict(tally))
}
const cards = new LaneCards(find('lanes', HTMLElement), orders, { journal, count })
const mixed = new MixedLoad(orders, count)
const showReload = bindDeploys(orders, count)
bindShowMe({ orders, live, tally, mixed, count }, tiles)
showRecorded({ note: find('tour-note', HTMLElement), tiles, journal, mixed })
bindPicture()
bindRoom()
follow()
setInterval(() => cards.tick(), tickMs)

/** The browser reopens the stream by itself when its worker has left. */
function follow(): void {
  let status: ServerStatus | undefined
  let changes: StatusChanges | undefined
  const stream = new EventSource('/api/feed')
  stream.addEventListener('message', message => {
    // The control client of the web group has checked it.
    const event = JSON.parse(message.data) as ControlEvent
    const next = applyEvent(status, event)
    if (next === undefined) return
    // This is a new arbiter, after an upgrade or a restart. This page may order something only from the arbiter it came from.
    if (status && status.arbiter.pid !== next.arbiter.pid) return location.reload()
    changes ??= new StatusChanges(next)
    for (const line of changes.next(next)) journal.add(line)
    const reload = status && newReload(status, next)
    if (reload) showReload(reload)
    status = next
    const seen = { status, at: Date.parse(event.at), receivedAt: performance.now() }
    showServer(status)
    cards.show(seen)
    live.set(seen)
  })
  stream.addEventListener('error', () => setText(find('server-state', HTMLElement), 'connecting…'))
}

function showServer({ arbiter: { state, pid, generation } }: ServerStatus): void {
  setText(find('server-state', HTMLElement), state)
  setText(find('server-pid', HTMLElement), String(pid))
  setText(find('server-generation', HTMLElement), String(generation))
}
