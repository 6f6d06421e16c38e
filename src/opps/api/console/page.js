"use strict";

const QUERY = `# Everything on this page works without a network.
# Ctrl-Space completes, Ctrl-Enter runs, and the book on the left holds the documentation.

query Board {
  opportunities(first: 10) {
    totalCount
    nodes {
      id
      title
      status
      account { name }
      score { p low high }
    }
  }
}
`;

const here = new URL("graphql", window.location.href);
const live = new URL(here);
live.protocol = here.protocol === "https:" ? "wss:" : "ws:";

const fetcher = GraphiQL.createFetcher({
  url: here.href,
  wsClient: graphqlWs.createClient({ url: live.href, lazy: true }),
});

ReactDOM.createRoot(document.getElementById("graphiql")).render(
  React.createElement(GraphiQL, { fetcher, defaultQuery: QUERY, shouldPersistHeaders: false }),
);
