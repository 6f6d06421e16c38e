/** A client of opps: typed documents over HTTP, and what happens over server-sent events. */
import type { DocumentTypeDecoration } from "@graphql-typed-document-node/core";
import { createClient } from "graphql-sse";

/** A document whose types of answer and variables graphql-codegen has worked out. */
type Typed<Answer, Variables> = DocumentTypeDecoration<Answer, Variables> & { toString(): string };

/** What the server could not read, or would not carry out, by `extensions.code`. */
export class Refused extends Error {
  constructor(readonly errors: ReadonlyArray<{ message: string; extensions?: { code?: string } }>) {
    super(errors.map(({ message }) => message).join("\n"));
  }

  get codes(): Array<string | undefined> {
    return this.errors.map(({ extensions }) => extensions?.code);
  }
}

export class Opps {
  private readonly headers: Record<string, string>;

  /** `token`: an access token or an API key; none for a server in development. */
  constructor(
    private readonly url: string,
    token?: string,
  ) {
    this.headers = token ? { Authorization: `Bearer ${token}` } : {};
  }

  /** Return the answer to a query or a mutation. */
  async ask<Answer, Variables>(document: Typed<Answer, Variables>, variables: Variables): Promise<Answer> {
    const response = await fetch(this.url, {
      method: "POST",
      headers: {
        ...this.headers,
        "Content-Type": "application/json",
        Accept: "application/graphql-response+json",
      },
      body: JSON.stringify({ query: document.toString(), variables }),
    });
    const { data, errors } = await response.json();
    if (errors) throw new Refused(errors);
    return data;
  }

  /** Yield what a subscription sends, until the connection ends; `follow.ts` goes on from there. */
  async *follow<Answer, Variables extends Record<string, unknown>>(
    document: Typed<Answer, Variables>,
    variables: Variables,
  ): AsyncGenerator<Answer> {
    const client = createClient({ url: this.url, headers: this.headers, retryAttempts: 0 });
    try {
      for await (const { data, errors } of client.iterate<Answer>({ query: document.toString(), variables })) {
        if (errors) throw new Refused(errors as Refused["errors"]);
        if (data) yield data;
      }
    } finally {
      client.dispose();
    }
  }
}
