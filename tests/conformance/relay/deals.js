// What an application with Relay writes; relay-compiler reads it, and relay.cjs runs what it makes.
const { graphql } = require("relay-runtime");

graphql`
  query dealsBoardQuery($first: Int!) {
    ...deals_page @arguments(first: $first)
  }
`;

graphql`
  fragment deals_page on Query
  @argumentDefinitions(first: { type: "Int!" }, after: { type: "String" })
  @refetchable(queryName: "dealsNextPageQuery") {
    opportunities(first: $first, after: $after) @connection(key: "deals_opportunities") {
      edges {
        node {
          title
          ...deals_score
        }
      }
    }
  }
`;

graphql`
  fragment deals_score on Opportunity @refetchable(queryName: "dealsScoreQuery") {
    version
    score {
      p
    }
  }
`;

graphql`
  query dealsMissingQuery {
    opportunity(id: "nonsense") @catch(to: RESULT) {
      title
    }
  }
`;

graphql`
  mutation dealsRegisterMutation($input: RegisterAccountInput!) {
    registerAccount(input: $input) {
      version
      replayed
      userErrors {
        code
      }
      account {
        id
        name
      }
    }
  }
`;

graphql`
  subscription dealsMovedSubscription($after: ScoreCursor) {
    scoreChanged(after: $after) {
      __typename
      ... on ScoreChanged {
        cursor
        opportunityId
        after {
          p
        }
      }
      ... on StreamCaughtUp {
        cursor
      }
    }
  }
`;
