// Asks, commands and subscribes with a client that people use, and prints what it understood.
const { createRequire } = require("node:module");
const installed = createRequire(`${process.env.OPPS_NODE_CLIENTS}/package.json`);
const [, , name, url, commandId] = process.argv;
const socketUrl = url.replace("http", "ws");

const QUERY = "query Who { viewer { role } }";
const BROKEN = "query Broken { nothing }";
const PARTLY = 'query Partly { viewer { role } opportunity(id: "nonsense") { id } }';
const REGISTER = `mutation Register($input: RegisterAccountInput!) {
  registerAccount(input: $input) { version replayed userErrors { code } }
}`;
const CHANGES = 'subscription Changes { scoreChanged(after: "0") { __typename } }';
const VARIABLES = { input: { commandId, name: `Customer of ${name}` } };

const codes = (errors) => errors.map((error) => error.extensions.code);

async function apollo() {
  const { ApolloClient, CombinedGraphQLErrors, HttpLink, InMemoryCache, gql } = installed("@apollo/client");
  const client = new ApolloClient({ link: new HttpLink({ uri: url, fetch }), cache: new InMemoryCache() });
  const told = async (query) => {
    try {
      await client.query({ query: gql(query), fetchPolicy: "no-cache" });
    } catch (error) {
      if (CombinedGraphQLErrors.is(error)) return codes(error.errors);
      throw error;
    }
  };
  const query = await client.query({ query: gql(QUERY) });
  const mutation = await client.mutate({ mutation: gql(REGISTER), variables: VARIABLES });
  return { query: query.data, mutation: mutation.data, broken: await told(BROKEN), partly: await told(PARTLY) };
}

async function urql() {
  const { Client, fetchExchange } = installed("@urql/core");
  const client = new Client({ url, fetch, exchanges: [fetchExchange], preferGetMethod: false });
  const told = async (query) => codes((await client.query(query, {})).error.graphQLErrors);
  const query = await client.query(QUERY, {});
  const byGet = await client.query(QUERY, {}, { preferGetMethod: "force", requestPolicy: "network-only" });
  const mutation = await client.mutation(REGISTER, VARIABLES);
  if (byGet.error) throw byGet.error;
  return { query: query.data, mutation: mutation.data, broken: await told(BROKEN), partly: await told(PARTLY) };
}

async function graphqlWs() {
  const { createClient } = installed("graphql-ws");
  const webSocketImpl = installed("ws");
  const client = createClient({ url: socketUrl, webSocketImpl, retryAttempts: 0 });
  const first = async (query, variables) => {
    for await (const result of client.iterate({ query, variables })) return result;
  };
  const told = async (query) => {
    try {
      return codes((await first(query)).errors);
    } catch (errors) {
      return codes(errors);
    }
  };
  const query = await first(QUERY);
  const mutation = await first(REGISTER, VARIABLES);
  const subscription = await first(CHANGES);
  const answer = { query: query.data, mutation: mutation.data, subscription: subscription.data };
  Object.assign(answer, { broken: await told(BROKEN), partly: await told(PARTLY) });
  await client.dispose();
  return answer;
}

const clients = { apollo, urql, "graphql-ws": graphqlWs };
clients[name]().then((answer) => console.log(JSON.stringify(answer)));
