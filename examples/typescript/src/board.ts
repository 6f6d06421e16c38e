/** Asks which deals are least likely to be won, and registers a customer. */
import { randomUUID } from "node:crypto";
import { PipelineDocument, RegisterAccountDocument } from "./gql/graphql";
import type { Opps } from "./opps";

/** Return the open deals, the least likely first. */
export async function doubtful(opps: Opps): Promise<string[]> {
  const { opportunities } = await opps.ask(PipelineDocument, {
    filter: { status: ["OPEN"] },
    orderBy: { field: "PROBABILITY" },
  });
  return opportunities.nodes.map(({ title, score }) => `${title}: ${Math.round(100 * score.p)} %`);
}

/** Register a customer once, however often the request is sent. */
export async function register(opps: Opps, name: string, commandId: string = randomUUID()): Promise<string> {
  const { registerAccount } = await opps.ask(RegisterAccountDocument, { input: { commandId, name } });
  const [refusal] = registerAccount.userErrors;
  if (refusal) throw new Error(`${refusal.code}: ${refusal.message}`);
  return registerAccount.account!.id;
}
