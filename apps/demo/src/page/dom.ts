/** The little that this page needs instead of a framework. */

type Child = Node | string
type Attributes = Readonly<Record<string, string | (() => void)>>

/** An element with attributes, listeners (`onclick`) and children. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'string') made.setAttribute(name, value)
    else made.addEventListener(name.slice('on'.length), value)
  }
  made.append(...children)
  return made
}

/** The element of `index.html` with this id. @throws TypeError when it is missing or of another type */
export function find<Type extends HTMLElement>(id: string, type: new () => Type): Type {
  const found = document.getElementById(id)
  if (found instanceof type) return found
  throw new TypeError(`The page has no ${type.name} with the id "${id}"`)
}

/** Touches the document only if the text differs, because screen readers read what is touched. */
export function setText(node: HTMLElement, text: string): void {
  if (node.textContent !== text) node.textContent = text
}

/** Appends to a list in a scrolling box, keeps the box scrolled to the end, and keeps the list short. */
export function appendLine(list: HTMLOListElement, line: HTMLLIElement, most: number): void {
  list.append(line)
  while (list.children.length > most) list.firstElementChild?.remove()
  list.parentElement?.scrollTo({ top: list.parentElement.scrollHeight })
}
