// Follows a feed with what reads server-sent events already, on a line that breaks, and prints what each understood.
const { createServer, request } = require("node:http");
const { createRequire } = require("node:module");
const installed = createRequire(`${process.env.OPPS_NODE_CLIENTS}/package.json`);

const [url, after] = process.argv.slice(2);
const CHANGES = `subscription Changes($after: ScoreCursor) {
  scoreChanged(after: $after) { __typename ... on ScoreChanged { cursor } ... on StreamCaughtUp { cursor } }
}`;

// Passes requests on, and breaks the first line after so many blocks of an answer.
function breaking(times) {
  const asked = [];
  const server = createServer((from, to) => {
    asked.push(from.headers["last-event-id"] ?? null);
    const cut = asked.length === 1 ? times : Infinity;
    const { host: _, ...headers } = from.headers;
    const on = request(new URL(from.url, url), { method: from.method, headers }, (answer) => {
      let [events, kept] = [0, ""];
      to.writeHead(answer.statusCode, answer.headers);
      answer.on("data", (chunk) => {
        const whole = (kept + chunk).split("\n\n");
        kept = whole.pop();
        for (const one of whole.splice(0, cut - events)) {
          // Whoever comes back does so sooner than a server would have it.
          to.write(`${one.replace(/^retry: \d+$/, "retry: 10")}\n\n`);
          events += 1;
        }
        // After a moment, in which what was sent arrives.
        if (events === cut) setTimeout(() => to.destroy(), 50);
      });
      answer.on("end", () => to.end());
    });
    to.on("close", () => on.destroy());
    from.pipe(on);
  });
  return new Promise((ready) => server.listen(0, "127.0.0.1", () => ready({ asked, server })));
}

async function eventSource() {
  if (typeof EventSource === "undefined") return null;
  const { asked, server } = await breaking(3);
  const address = new URL(`http://127.0.0.1:${server.address().port}/graphql`);
  address.searchParams.set("query", CHANGES);
  address.searchParams.set("variables", JSON.stringify({ after }));
  const source = new EventSource(address);
  const heard = [];
  await new Promise((caughtUp, broken) => {
    source.addEventListener("next", ({ data, lastEventId }) => {
      const item = JSON.parse(data).data.scoreChanged;
      heard.push({ id: lastEventId, ...item });
      if (item.__typename === "StreamCaughtUp") caughtUp();
    });
    source.addEventListener("error", () => source.readyState === EventSource.CLOSED && broken(new Error("closed")));
  });
  source.close();
  server.closeAllConnections();
  server.close();
  return { asked, heard };
}

function completed() {
  if (typeof EventSource === "undefined") return null;
  const address = new URL(url);
  address.searchParams.set("query", "{ nothing }");
  const source = new EventSource(address);
  return new Promise((told) => {
    const heard = [];
    source.addEventListener("next", ({ data }) => heard.push(...JSON.parse(data).errors));
    source.addEventListener("complete", () => {
      source.close();
      told(heard.map((error) => error.extensions.code));
    });
  });
}

function urql() {
  const { Client, fetchExchange } = installed("@urql/core");
  const client = new Client({ url, fetch, exchanges: [fetchExchange], fetchSubscriptions: true, preferGetMethod: false });
  return new Promise((told) => {
    const heard = [];
    const { unsubscribe } = client.subscription(CHANGES, { after }).subscribe(({ data, error }) => {
      heard.push(error ? String(error) : data.scoreChanged);
      if (error || data.scoreChanged.__typename === "StreamCaughtUp") {
        told(heard);
        setTimeout(() => unsubscribe());
      }
    });
  });
}

async function main() {
  const found = { eventSource: await eventSource(), completed: await completed(), urql: await urql() };
  console.log(JSON.stringify(found));
}

main().then(() => process.exit(0));
