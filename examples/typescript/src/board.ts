/** Asks which deals are least likely to be won, and tells which one was. */
import { PipelineDocument, WinOpportunityDocument, type MoneyInput } from "./gql/graphql";
import type { Opps } from "./opps";

/** Return the open deals, the least likely first. */
export async function doubtful(opps: Opps): Promise<string[]> {
  const { opportunities } = await opps.ask(PipelineDocument, {
    filter: { status: ["OPEN"] },
    orderBy: { field: "PROBABILITY" },
  });
  return opportunities.nodes.map(({ title, score }) => `${title}: ${Math.round(100 * score.p)} %`);
}

/** Close a deal as won, once however often the request is sent; return the place in the log where that stands. */
export async function won(
  opps: Opps,
  opportunityId: string,
  amount: MoneyInput,
  commandId: string,
): Promise<number> {
  const { winOpportunity } = await opps.ask(WinOpportunityDocument, {
    input: { commandId, opportunityId, amount, expectedVersion: null },
  });
  const [refusal] = winOpportunity.userErrors;
  if (refusal) throw new Error(`${refusal.code}: ${refusal.message}`);
  return winOpportunity.position!;
}
