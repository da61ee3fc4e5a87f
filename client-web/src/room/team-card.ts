// One drafting team: its name, who is in it as far as this person may see, and changing it.
import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { commandKey } from '../connection';
import type { Person, Result } from '../connection';
import { ask } from '../ui/dialog';
import { w } from '../ui/words';
import { roomApi } from './room-api';
import type { Team, TeamPerson } from './room-api';

interface CardFacts {
  readonly group: string;
  readonly team: Team;
  readonly people: readonly Person[];
  readonly runs: boolean;
  readonly done: (result: Result<unknown>) => Promise<void>;
}

function names(people: readonly TeamPerson[]): TemplateResult {
  return html`${people.map((p, i) => html`${i === 0 ? '' : ', '}<bdi>${p.name}</bdi>`)}`;
}

export function teamCard(facts: CardFacts): TemplateResult {
  const { team } = facts;
  return html`<li class="room-card">
    <p><strong><bdi>${team.room}</bdi></strong> <span class="hint">${w.room.teamSize(team.size)}${team.lead ? ` · ${w.room.youLead}` : team.mine ? ` · ${w.room.yourTeam}` : ''}</span></p>
    ${team.coLeads !== null && team.coLeads.length > 0 ? html`<p>${w.room.coLeads}: ${names(team.coLeads)}</p>` : nothing}
    ${team.members.length > 0 ? html`<p class="hint">${names(team.members)}</p>` : nothing}
    ${team.hint === null ? nothing : html`<p class="warn">${w.room.oneCategory}</p>`}
    ${facts.runs ? changing(facts) : nothing}
  </li>`;
}

function changing({ group, team, people, done }: CardFacts): TemplateResult {
  const writers = people.filter((p) => ['chair', 'secretariat', 'member'].includes(p.role));
  const leads = new Set(team.coLeads?.map((p) => p.id) ?? []);
  const members = new Set(team.members.map((p) => p.id));
  const save = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget as HTMLFormElement);
    const chosen = (name: string): number[] => fields.getAll(name).map(Number);
    const room = String(fields.get('room') ?? '').trim();
    await done(await roomApi.changeTeam(group, team.number, { room: room === '' ? team.room : room, co_leads: chosen('lead'), members: chosen('member') }, commandKey()));
  };
  const dissolve = async (): Promise<void> => {
    const reply = await ask({ title: w.room.dissolveTitle(team.room), hint: w.room.dissolveHint, yes: w.room.dissolve, danger: true });
    if (reply.yes) await done(await roomApi.changeTeam(group, team.number, { dissolved: true }, commandKey()));
  };
  const tick = (name: string, person: Person, checked: boolean, label: string): TemplateResult =>
    html`<td><input type="checkbox" name=${name} value=${person.id} ?checked=${checked} aria-label=${`${person.name}: ${label}`} /></td>`;
  return html`<details class="past">
    <summary>${w.room.teamChange}</summary>
    <form @submit=${save}>
      <label>${w.room.teamName}<input name="room" maxlength="100" .value=${team.room} autocomplete="off" dir="auto" /></label>
      <table class="team-people">
        <thead><tr><th scope="col">${w.roll.name}</th><th scope="col">${w.room.coLead}</th><th scope="col">${w.roles.member}</th></tr></thead>
        <tbody>
          ${writers.map((p) => {
            const id = Number(p.id);
            return html`<tr><th scope="row"><bdi>${p.name}</bdi> <span class="hint"><bdi>${p.category}</bdi></span></th>
              ${tick('lead', p, leads.has(id), w.room.coLead)} ${tick('member', p, members.has(id), w.roles.member)}</tr>`;
          })}
        </tbody>
      </table>
      <div class="row"><button class="main" type="submit">${w.room.save}</button><button type="button" @click=${() => void dissolve()}>${w.room.dissolve}</button></div>
    </form>
  </details>`;
}
