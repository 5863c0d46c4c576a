export default function Home() {
  return <h1>hello world</h1>
}
