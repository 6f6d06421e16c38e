// Asks, commands and subscribes with clients that people use, and tells what each of them understood.
const QUERY = "query Who { viewer { role } }";
const BROKEN = "query Broken { nothing }";
const PARTLY = 'query Partly { viewer { role } opportunity(id: "nonsense") { id } }';
const REGISTER = `mutation Register($input: RegisterAccountInput!) {
  registerAccount(input: $input) { version replayed userErrors { code } }
}`;
const CHANGES = 'subscription Changes { scoreChanged(after: "0") { __typename } }';

const customer = (name, commandId) => ({ input: { commandId, name: `Customer of ${name}` } });
const codes = (errors) => errors.map((error) => error.extensions.code);

exports.apollo = async (installed, url, commandId) => {
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
  const mutation = await client.mutate({ mutation: gql(REGISTER), variables: customer("Apollo", commandId) });
  return { query: query.data, mutation: mutation.data, broken: await told(BROKEN), partly: await told(PARTLY) };
};

exports.urql = async (installed, url, commandId) => {
  const { Client, fetchExchange } = installed("@urql/core");
  const client = new Client({ url, fetch, exchanges: [fetchExchange], preferGetMethod: false });
  const told = async (query) => codes((await client.query(query, {})).error.graphQLErrors);
  const query = await client.query(QUERY, {});
  const byGet = await client.query(QUERY, {}, { preferGetMethod: "force", requestPolicy: "network-only" });
  const mutation = await client.mutation(REGISTER, customer("urql", commandId));
  if (byGet.error) throw byGet.error;
  return { query: query.data, mutation: mutation.data, broken: await told(BROKEN), partly: await told(PARTLY) };
};

exports.graphqlWs = async (installed, url, commandId) => {
  const { createClient } = installed("graphql-ws");
  const webSocketImpl = installed("ws");
  const client = createClient({ url: url.replace("http", "ws"), webSocketImpl, retryAttempts: 0 });
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
  const mutation = await first(REGISTER, customer("graphql-ws", commandId));
  const subscription = await first(CHANGES);
  const answer = { query: query.data, mutation: mutation.data, subscription: subscription.data };
  Object.assign(answer, { broken: await told(BROKEN), partly: await told(PARTLY) });
  await client.dispose();
  return answer;
};

exports.graphqlSse = async (installed, url, commandId) => {
  const { createClient } = installed("graphql-sse");
  const client = createClient({ url, retryAttempts: 0 });
  const first = async (query, variables) => {
    for await (const result of client.iterate({ query, variables })) return result;
  };
  const told = async (query) => codes((await first(query)).errors);
  const [query, mutation] = [await first(QUERY), await first(REGISTER, customer("graphql-sse", commandId))];
  const subscription = await first(CHANGES);
  const answer = { query: query.data, mutation: mutation.data, subscription: subscription.data };
  Object.assign(answer, { broken: await told(BROKEN), partly: await told(PARTLY) });
  client.dispose();
  return answer;
};
