/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** What a list is ordered by. */
export type BoardOrder =
  | 'ACCOUNT'
  | 'AMOUNT'
  | 'CHANGED'
  | 'COMMIT_DATE'
  | 'OPENED'
  | 'PROBABILITY'
  | 'TITLE';

/**
 * What sort of cause moved a score.
 *
 * OPENING: the opportunity was opened. KNOWLEDGE: something was learned, confirmed or chosen.
 * RETRACTION: something learned was taken back. QUESTION: a question was raised, asked, answered
 * or dropped. CONDUCT: the buyer or our side did something. CONTEXT: what is labelled apart from
 * knowledge, such as the amount. STALENESS: time made knowledge older. DEADLINE: a date passed.
 * SILENCE: time passed without what the buyer was to do. MODEL: another scoring model came into
 * force. OUTCOME: it ended, or was opened again. OTHER: anything else.
 */
export type CauseKind =
  | 'CONDUCT'
  | 'CONTEXT'
  | 'DEADLINE'
  | 'KNOWLEDGE'
  | 'MODEL'
  | 'OPENING'
  | 'OTHER'
  | 'OUTCOME'
  | 'QUESTION'
  | 'RETRACTION'
  | 'SILENCE'
  | 'STALENESS';

/** A probability that a score crosses. */
export type Crossing = {
  /** Which way it is crossed. */
  direction?: CrossingDirection;
  /** The win probability, between 0 and 1. A score that reaches it is above it; the first score of an opportunity crosses nothing. */
  probability: number;
};

/** Which way a probability is crossed. */
export type CrossingDirection =
  | 'DOWN'
  | 'EITHER'
  | 'UP';

/** What the seller promises of an opportunity. */
export type ForecastCategory =
  | 'BEST_CASE'
  | 'COMMIT'
  | 'OMITTED'
  | 'PIPELINE';

/** When our side came to know: one instant, or a period of a calendar. */
export type LearnedInput =
  {   /** The instant. */
  at: string; period?: never; }
  |  { at?: never;   /** The period, when the instant is not known. */
  period: LearnedPeriodInput; };

/** A calendar period of a zone. */
export type LearnedPeriodInput = {
  /** A day, month, quarter or year: 2026-03-01, 2026-03, 2026-Q1 or 2026. */
  period: string;
  /** IANA name of the zone, such as Europe/Madrid. */
  zone: string;
};

/** An amount of money; amounts of two currencies are never compared or added. */
export type MoneyInput = {
  /** The amount, exact, in units of the currency. */
  amount: string;
  /** ISO 4217 code, such as EUR. */
  currency: string;
};

/** Which opportunities to show; what is absent does not matter. */
export type OpportunityFilter = {
  /** Only those of these buying organisations. */
  accountIds?: Array<string | number> | null | undefined;
  /** Only those in these forecast categories. */
  category?: Array<ForecastCategory> | null | undefined;
  /** Only those promised for this day or later. */
  commitFrom?: string | null | undefined;
  /** Only those promised for this day or earlier. */
  commitUntil?: string | null | undefined;
  /** Only those with facts that cannot all hold, or only those without. */
  contradicted?: boolean | null | undefined;
  /** Only those kept in this currency. */
  currency?: string | null | undefined;
  /** Only those of which two opinions are more than 20 percentage points apart (what is known, the seller, the stage), or of which none are. */
  disagreeing?: boolean | null | undefined;
  /** Only those in at least one of these danger zones. */
  inDangerZone?: Array<ZoneNumber> | null | undefined;
  /** Only those worth at most this. */
  maxAmount?: string | null | undefined;
  /** Only those with at most this win probability. */
  maxProbability?: number | null | undefined;
  /** Only those worth at least this; amounts are not converted, so name a currency too. */
  minAmount?: string | null | undefined;
  /** Only those with at least this win probability. */
  minProbability?: number | null | undefined;
  /** Only those of these sellers. */
  ownerIds?: Array<string | number> | null | undefined;
  /** Only those with this in their title or in their account's name. */
  search?: string | null | undefined;
  /** Open, or how they ended. */
  status?: Array<Status> | null | undefined;
  /** Only those whose buyer was asked something and has not answered, or only those without. */
  unanswered?: boolean | null | undefined;
};

/** In which order to show opportunities. */
export type OpportunityOrder = {
  /** The largest or latest first. */
  descending?: boolean;
  /** What to order by. */
  field: BoardOrder;
};

/** The two questions behind a win: will it happen at all, and will we win it. */
export type ScoreChannel =
  | 'HAPPEN'
  | 'WIN';

/** Which changes to send; what is absent does not matter. */
export type ScoreFilter = {
  /** Only changes that these events led to, such as FactLearned. */
  causes?: Array<string> | null | undefined;
  /** Only changes that cross this probability. */
  crossing?: Crossing | null | undefined;
  /** Only changes of at least so many points, up or down; 10 double the odds. */
  minPoints?: number | null | undefined;
  /** Only changes of these opportunities. */
  opportunityIds?: Array<string | number> | null | undefined;
  /** Only what belongs to the sellers of this team and of the teams below it, as they are formed now. */
  teamId?: string | null | undefined;
};

/** What an explanation speaks of: the nine objectives, then what is labelled apart from them. */
export type ScoreTopic =
  | 'ACTIVITY'
  | 'ALTERNATIVES'
  | 'BUSINESS_ISSUES'
  | 'CONTEXT'
  | 'DECISION_CRITERIA'
  | 'DECISION_PROCESS'
  | 'DESIRED_IMPACT'
  | 'EVALUATORS'
  | 'FUNDING'
  | 'MODEL'
  | 'PRECEDENTS'
  | 'PRODUCT_AND_SELLER'
  | 'REQUIRED_SOLUTION'
  | 'TIMING';

/**
 * Whether an opportunity is open, and how it ended if it is not.
 *
 * WITHDRAWN: it never was one of ours, for the import that opened it was reverted.
 */
export type Status =
  | 'DISQUALIFIED'
  | 'LOST'
  | 'MERGED'
  | 'NO_DECISION'
  | 'OPEN'
  | 'WITHDRAWN'
  | 'WON';

/** Close an opportunity as won. */
export type WinOpportunityInput = {
  /** What was signed, in the opportunity's currency. */
  amount?: MoneyInput | null | undefined;
  /** A new UUID for each thing you want done. Repeating a request under the same id is safe: it is carried out once, and answered again. */
  commandId: string;
  /** The version that you saw, so that nothing you have not seen is overwritten. It must be given; null says that any version will do. */
  expectedVersion?: number | null | undefined;
  /** When our side came to know; now when absent. */
  learned?: LearnedInput | null | undefined;
  /** The opportunity. */
  opportunityId: string | number;
  /** Why the customer chose us. */
  reasons?: Array<string>;
};

/** The number of each danger zone, for ever. */
export type ZoneNumber =
  | 'DZ01'
  | 'DZ02'
  | 'DZ03'
  | 'DZ04'
  | 'DZ05'
  | 'DZ06'
  | 'DZ07'
  | 'DZ08'
  | 'DZ09'
  | 'DZ10'
  | 'DZ11'
  | 'DZ12'
  | 'DZ13'
  | 'DZ14'
  | 'DZ15'
  | 'DZ16'
  | 'DZ17'
  | 'DZ18'
  | 'DZ19'
  | 'DZ20'
  | 'DZ21'
  | 'DZ22'
  | 'DZ23'
  | 'DZ24'
  | 'DZ25'
  | 'DZ26';

export type PipelineQueryVariables = Exact<{
  filter?: OpportunityFilter | null | undefined;
  orderBy?: OpportunityOrder | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
  atLeast?: number | null | undefined;
}>;


export type PipelineQuery = { opportunities: { nodes: Array<{ id: string, title: string, status: Status, version: number, position: number, commitDate: string | null, category: ForecastCategory | null, account: { id: string, name: string } | null, amount: { amount: string, currency: string } | null, score: { p: number, low: number, high: number, points: number, model: string }, counts: { facts: number, contradictions: number, openQuestions: number, unanswered: number } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type ScoreChangedSubscriptionVariables = Exact<{
  filter?: ScoreFilter | null | undefined;
  after?: string | null | undefined;
}>;


export type ScoreChangedSubscription = { scoreChanged:
    | { __typename: 'ScoreChanged', cursor: string, opportunityId: string, cause: string, kind: CauseKind, sentence: string, points: number, before: { p: number } | null, after: { p: number, low: number, high: number }, effects: Array<{ topic: ScoreTopic, channel: ScoreChannel, milliPoints: number }> }
    | { __typename: 'StreamCaughtUp', cursor: string, position: number }
   };

export type WinOpportunityMutationVariables = Exact<{
  input: WinOpportunityInput;
}>;


export type WinOpportunityMutation = { winOpportunity: { version: number | null, position: number | null, replayed: boolean, opportunity: { id: string, title: string, status: Status, closedAt: string | null, amount: { amount: string, currency: string } | null, score: { p: number, low: number, high: number } } | null, userErrors: Array<
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
      | { code: string, message: string, path: Array<string> }
    > } };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}

export const PipelineDocument = new TypedDocumentString(`
    query Pipeline($filter: OpportunityFilter, $orderBy: OpportunityOrder, $first: Int, $after: String, $atLeast: Position) {
  opportunities(
    filter: $filter
    orderBy: $orderBy
    first: $first
    after: $after
    atLeast: $atLeast
  ) {
    nodes {
      id
      title
      status
      version
      position
      account {
        id
        name
      }
      amount {
        amount
        currency
      }
      commitDate
      category
      score {
        p
        low
        high
        points
        model
      }
      counts {
        facts
        contradictions
        openQuestions
        unanswered
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<PipelineQuery, PipelineQueryVariables>;
export const ScoreChangedDocument = new TypedDocumentString(`
    subscription ScoreChanged($filter: ScoreFilter, $after: ScoreCursor) {
  scoreChanged(filter: $filter, after: $after) {
    __typename
    ... on ScoreChanged {
      cursor
      opportunityId
      cause
      kind
      sentence
      before {
        p
      }
      after {
        p
        low
        high
      }
      points
      effects {
        topic
        channel
        milliPoints
      }
    }
    ... on StreamCaughtUp {
      cursor
      position
    }
  }
}
    `) as unknown as TypedDocumentString<ScoreChangedSubscription, ScoreChangedSubscriptionVariables>;
export const WinOpportunityDocument = new TypedDocumentString(`
    mutation WinOpportunity($input: WinOpportunityInput!) {
  winOpportunity(input: $input) {
    opportunity {
      id
      title
      status
      closedAt
      amount {
        amount
        currency
      }
      score {
        p
        low
        high
      }
    }
    version
    position
    replayed
    userErrors {
      code
      message
      path
    }
  }
}
    `) as unknown as TypedDocumentString<WinOpportunityMutation, WinOpportunityMutationVariables>;