export default function Page() {
  return <h1>hello world</h1>
}
