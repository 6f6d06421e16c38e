// Compiles relay/deals.js against schema.graphql, and runs what came of it with Relay's own runtime.
const { promisify } = require("node:util");
const execFile = promisify(require("node:child_process").execFile);
const { cpSync, mkdirSync, writeFileSync } = require("node:fs");
const path = require("node:path");

// Where relay-compiler puts a query for each operation of deals.js.
async function compiled(installed, root, scratch) {
  const home = path.join(scratch, "relay");
  mkdirSync(path.join(home, "__generated__"), { recursive: true });
  cpSync(path.join(__dirname, "relay/deals.js"), path.join(home, "deals.js"));
  cpSync(path.join(root, "schema.graphql"), path.join(home, "schema.graphql"));
  const config = { src: ".", schema: "schema.graphql", language: "javascript", eagerEsModules: false };
  writeFileSync(
    path.join(home, "relay.config.json"),
    JSON.stringify({ ...config, artifactDirectory: "__generated__" }),
  );
  await execFile(installed("relay-compiler"), ["relay.config.json"], { cwd: home });
  return (name) => require(path.join(home, "__generated__", `${name}.graphql.js`));
}

// The network of an application: HTTP for queries and mutations, WebSocket for subscriptions.
function network(installed, url) {
  const { Network, Observable } = installed("relay-runtime");
  const { createClient } = installed("graphql-ws");
  const socket = createClient({ url: url.replace("http", "ws"), webSocketImpl: installed("ws"), retryAttempts: 0 });
  const fetched = async ({ text: query, name: operationName }, variables) => {
    const headers = { "Content-Type": "application/json", Accept: "application/graphql-response+json" };
    const body = JSON.stringify({ query, operationName, variables });
    return (await fetch(url, { method: "POST", headers, body })).json();
  };
  const followed = ({ text: query, name: operationName }, variables) =>
    Observable.create((sink) => socket.subscribe({ query, operationName, variables }, sink));
  return Network.create(fetched, followed);
}

// What an application of Relay sees: two pages in one connection, one deal fetched again by its id, and the rest.
exports.relay = async (installed, root, scratch, url, commandId) => {
  const relay = installed("relay-runtime");
  const made = await compiled(installed, root, scratch);
  const environment = new relay.Environment({
    network: network(installed, url),
    store: new relay.Store(new relay.RecordSource()),
  });
  const asked = (name, variables) => relay.fetchQuery(environment, made(name), variables).toPromise();
  const shown = (fragment, of) => environment.lookup(relay.getSingularSelector(made(fragment), of)).data;

  const board = await asked("dealsBoardQuery", { first: 2 });
  const page = () => shown("deals_page", board).opportunities;
  const first = page();
  await asked("dealsNextPageQuery", { first: 2, after: first.pageInfo.endCursor });
  const both = page();
  const [{ node }] = both.edges;
  const refetched = await asked("dealsScoreQuery", { id: node.__id });
  const { opportunity: missing } = await asked("dealsMissingQuery", {});
  const variables = { input: { commandId, name: "Customer of Relay" } };
  const mutation = await new Promise((onCompleted, onError) =>
    relay.commitMutation(environment, { mutation: made("dealsRegisterMutation"), variables, onCompleted, onError }),
  );
  const subscription = await new Promise((resolve, onError) => {
    const configuration = { subscription: made("dealsMovedSubscription"), variables: { after: "0" }, onError };
    const following = relay.requestSubscription(environment, {
      ...configuration,
      onNext: (news) => queueMicrotask(() => (following.dispose(), resolve(news))),
    });
  });
  return {
    pages: [first, both].map(({ edges }) => edges.map((edge) => edge.node.title)),
    score: shown("deals_score", refetched.node),
    missing,
    mutation,
    subscription,
  };
};
