/** The section that talks through a WebSocket. It reconnects by itself when the worker has left. */
import type { RoomMessage } from '../shared/chat.js'
import { appendLine, element, find, setText } from './dom.js'
import { count } from './format.js'

const retryMs = 500
const maxMessages = 50

export function bindRoom(): void {
  const messages = find('messages', HTMLOListElement)
  const state = find('room-state', HTMLElement)
  const text = find('text', HTMLInputElement)
  let me = ''
  let socket = connect()

  function connect(): WebSocket {
    const made = new WebSocket(`ws://${location.host}/live/chat`)
    made.addEventListener('message', event => {
      // Made by the room of this demo.
      show(JSON.parse(event.data) as RoomMessage)
    })
    made.addEventListener('close', () => {
      setText(state, 'The worker has left; connecting to the next one…')
      setTimeout(() => {
        socket = connect()
      }, retryMs)
    })
    return made
  }

  function show(message: RoomMessage): void {
    switch (message.type) {
      case 'welcome':
        me = `${message.name}, connected to worker ${message.pid}`
        setText(state, `You are ${me}.`)
        break
      case 'people':
        setText(state, `You are ${me}. ${count(message.count, 'person', 'people')} here.`)
        break
      default:
        appendLine(
          messages,
          element('li', {}, element('b', {}, message.name), ` ${message.text}`),
          maxMessages,
        )
    }
  }

  find('say', HTMLFormElement).addEventListener('submit', event => {
    event.preventDefault()
    const saying = text.value.trim()
    if (saying === '' || socket.readyState !== WebSocket.OPEN) return
    socket.send(JSON.stringify({ text: saying }))
    text.value = ''
  })
}
