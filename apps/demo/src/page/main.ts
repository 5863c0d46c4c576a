/** The page: puts the sections together and feeds them. */
import type { ControlEvent, ServerStatus } from '@tunicorn/arbiter/control'
import { applyEvent } from './apply-event.js'
import { bindDeploys } from './deploys.js'
import { find, setText } from './dom.js'
import { Journal } from './journal.js'
import { LaneCards } from './lane-cards.js'
import { bindMixedLoad } from './mixed-load.js'
import { Orders } from './orders.js'
import { bindPicture } from './picture.js'
import { bindRoom } from './room.js'
import { newReload, StatusChanges } from './status-changes.js'
import { Tally } from './tally.js'

const token = document.querySelector<HTMLMetaElement>('meta[name=demo-token]')?.content ?? ''
const orders = new Orders(token)
const journal = new Journal(find('journal', HTMLOListElement))
const tally = new Tally(find('failed', HTMLElement), find('lost', HTMLElement))
const count: Tally['add'] = summary => tally.add(summary)

const cards = new LaneCards(find('lanes', HTMLElement), orders, { journal, count })
bindMixedLoad(orders, count)
const showReload = bindDeploys(orders, count)
bindPicture()
bindRoom()
follow()

/** The browser opens the stream again by itself when its worker has left. */
function follow(): void {
  let status: ServerStatus | undefined
  let changes: StatusChanges | undefined
  const stream = new EventSource('/api/feed')
  stream.addEventListener('message', message => {
    // The control client of the web group has checked it.
    const next = applyEvent(status, JSON.parse(message.data) as ControlEvent)
    if (next === undefined) return
    // After an upgrade or a restart: what this page may order ended with the arbiter that it came from.
    if (status && status.arbiter.pid !== next.arbiter.pid) return location.reload()
    changes ??= new StatusChanges(next)
    for (const line of changes.next(next)) journal.add(line)
    const reload = status && newReload(status, next)
    if (reload) showReload(reload)
    show(next)
    status = next
  })
  stream.addEventListener('error', () => setText(find('server-state', HTMLElement), 'connecting…'))
}

function show(status: ServerStatus): void {
  const { state, pid, generation } = status.arbiter
  setText(find('server-state', HTMLElement), state)
  setText(find('server-pid', HTMLElement), String(pid))
  setText(find('server-generation', HTMLElement), String(generation))
  cards.show(status)
}
