/** Receives webhooks: nothing that is not signed gets in, and nothing is dealt with twice. */
import { createServer, type IncomingMessage, type Server } from "node:http";
import { Webhook, WebhookVerificationError } from "standardwebhooks";

/** What opps sends: a CloudEvent that says what happened, and no word of what a person said. */
export interface News {
  id: string;
  type: string;
  subject?: string;
  sequence?: string;
  data?: unknown;
}

async function body(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

/** Return a server that hands each piece of news to `handle` once; `secret` is the one that begins with whsec_. */
export function receiver(secret: string, handle: (news: News) => Promise<void>): Server {
  const webhook = new Webhook(secret);
  const seen = new Set<string>(); // in a real receiver: a unique column of your database
  return createServer(async (request, response) => {
    try {
      const news = webhook.verify(await body(request), request.headers as Record<string, string>) as News;
      const id = request.headers["webhook-id"] as string;
      if (!seen.has(id)) await handle(news);
      seen.add(id);
      response.writeHead(204).end();
    } catch (error) {
      response.writeHead(error instanceof WebhookVerificationError ? 400 : 500).end();
    }
  });
}
