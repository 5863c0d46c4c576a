/** Something that the user has to change; the message says what. */
export class CreateError extends Error {
  override readonly name: string = 'CreateError'
}
