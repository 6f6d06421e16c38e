/** Follows every change of a score, over lost connections, with no gap. */
import { setTimeout as pause } from "node:timers/promises";
import { NetworkError } from "graphql-sse";
import { ScoreChangedDocument, type ScoreChangedSubscription } from "./gql/graphql";
import { Refused, type Opps } from "./opps";

type Change = Extract<ScoreChangedSubscription["scoreChanged"], { __typename: "ScoreChanged" }>;

/** Tell whether trying again is of no use; too many requests, a busy server and a lost line are all for later. */
function isFinal(error: unknown): boolean {
  if (error instanceof NetworkError) return error.response?.status < 500 && error.response.status !== 429;
  return error instanceof Refused && !error.codes.includes("TOO_SLOW");
}

/** Yield each change after a cursor; store the cursor of the last one that you have dealt with. */
export async function* changes(opps: Opps, after: string): AsyncGenerator<Change> {
  for (let waiting = 1; ; waiting = Math.min(2 * waiting, 60)) {
    try {
      for await (const { scoreChanged } of opps.follow(ScoreChangedDocument, { after })) {
        waiting = 1;
        after = scoreChanged.cursor;
        if (scoreChanged.__typename === "ScoreChanged") yield scoreChanged;
      }
    } catch (error) {
      if (isFinal(error)) throw error;
    }
    await pause(1000 * waiting * (0.5 + Math.random()));
  }
}
