// Pulls every patient's summary of a clinic, page by page, and then asks again what has changed.
//
//   node worklist.js ADDRESS CLIENT_ID CLIENT_SECRET

import createClient, { type Middleware } from "openapi-fetch";
import type { components, paths } from "./afterglow.js";

type Problem = components["schemas"]["Problem"];
type Row = components["schemas"]["WorklistRow"];
type Summary = components["schemas"]["Summary"];
type Stored = { tag: string; summary: Summary };

// Compiles only while the type is a union of literals: true is not assignable to false.
type IsLiteral<T extends string> = string extends T ? false : true;
const statusIsLiteral: IsLiteral<NonNullable<Row["status"]>> = true;
const codeIsLiteral: IsLiteral<Problem["code"]> = true;

const [address, clientId, clientSecret] = process.argv.slice(2) as [string, string, string];
const api = createClient<paths>({ baseUrl: address });

function refused(problem: Problem | undefined, response: Response): Error {
  return new Error(`${response.status} ${problem?.code ?? "without a problem"}`);
}

async function signIn(): Promise<void> {
  const { data, error, response } = await api.POST("/oauth/token", {
    body: { grant_type: "client_credentials", client_id: clientId, client_secret: clientSecret },
    bodySerializer: (form) => new URLSearchParams(form as Record<string, string>),
    headers: { "Content-Type": "application/x-www-form-urlencoded" },
  });
  if (data === undefined) throw refused(error, response);
  const authorization = `${data.token_type} ${data.access_token}`;
  const bearer: Middleware = {
    onRequest({ request }) {
      request.headers.set("Authorization", authorization);
      return request;
    },
  };
  api.use(bearer);
}

async function ownClinic(): Promise<string> {
  const { data, error, response } = await api.GET("/v1/me");
  if (data === undefined) throw refused(error, response);
  return data.clinic_id;
}

async function* worklist(clinicId: string): AsyncGenerator<Row[]> {
  let cursor: string | undefined;
  do {
    const { data, error, response } = await api.GET("/v1/clinics/{clinic_id}/patients", {
      params: { path: { clinic_id: clinicId }, query: { limit: 2, sort: "record_number", cursor } },
    });
    if (data === undefined) throw refused(error, response);
    yield data.items;
    cursor = data.next_cursor;
  } while (cursor !== undefined);
}

async function summaryOf(patientId: string, stored?: Stored): Promise<Stored> {
  const { data, error, response } = await api.GET("/v1/patients/{patient_id}/summary", {
    params: { path: { patient_id: patientId }, header: { "If-None-Match": stored?.tag } },
  });
  counts[response.status] = (counts[response.status] ?? 0) + 1;
  if (response.status === 304 && stored !== undefined) return stored;
  if (data === undefined) throw refused(error, response);
  return { tag: response.headers.get("ETag") ?? "", summary: data };
}

async function refusedOutsideScope(clinicId: string): Promise<string> {
  const { error, response } = await api.GET("/v1/clinics/{clinic_id}/staff", {
    params: { path: { clinic_id: clinicId } },
  });
  if (error === undefined) throw new Error("an integration was shown the staff");
  return `${response.status} ${error.code}`;
}

const counts: Record<number, number> = {};
await signIn();
const clinicId = await ownClinic();
const pages: number[] = [];
const stored = new Map<string, Stored>();
for await (const rows of worklist(clinicId)) {
  pages.push(rows.length);
  for (const row of rows) stored.set(row.patient_id, await summaryOf(row.patient_id));
}
for (const [patientId, previous] of stored) stored.set(patientId, await summaryOf(patientId, previous));

const summaries = [...stored.values()].map(({ summary }) => ({
  patient_id: summary.patient_id,
  status: summary.outlook?.status,
  mood: summary.mood_averages.last_7_days.mean,
  answered_last_7_days_count: summary.answered_last_7_days_count,
}));
const literal = statusIsLiteral && codeIsLiteral;
const refusal = await refusedOutsideScope(clinicId);
console.log(JSON.stringify({ literal, pages, counts, summaries, refused: refusal }));
