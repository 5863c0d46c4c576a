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

/** The element of `index.html` with this id. @throws TypeError when it is not there or another one */
export function find<Type extends HTMLElement>(id: string, type: new () => Type): Type {
  const found = document.getElementById(id)
  if (found instanceof type) return found
  throw new TypeError(`The page has no ${type.name} with the id "${id}"`)
}

/** Touches the document only when the text is another one: screen readers read what is touched. */
export function setText(node: HTMLElement, text: string): void {
  if (node.textContent !== text) node.textContent = text
}

/** Adds to the end of a list in a box that scrolls, and keeps it at the end and short. */
export function appendLine(list: HTMLOListElement, line: HTMLLIElement, most: number): void {
  list.append(line)
  while (list.children.length > most) list.firstElementChild?.remove()
  list.parentElement?.scrollTo({ top: list.parentElement.scrollHeight })
}
