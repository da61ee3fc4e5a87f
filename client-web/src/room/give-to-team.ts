// The dialog that gives a section, with those inside it or without, to a drafting team.
import { html } from 'lit';
import { commandKey } from '../connection';
import type { ReportPlace, Section } from '../connection';
import { tell } from '../ui/announcer';
import { ask } from '../ui/dialog';
import { sayProblem, w } from '../ui/words';
import { roomApi } from './room-api';

export async function giveToTeam(place: ReportPlace, section: Section): Promise<void> {
  const found = await roomApi.teams(place.group);
  if (!found.ok) return tell(sayProblem(found), 'refused');
  if (found.value.teams.length === 0) return tell(w.room.noTeams, 'refused');
  const now = section.team?.number ?? 0;
  const choice = (number: number, name: string) =>
    html`<label class="choice"><input type="radio" name="team" value=${number} ?checked=${number === now} /> <bdi>${name}</bdi></label>`;
  const reply = await ask({
    title: w.room.giveTitle(w.toSection(section.number, section.title)),
    hint: w.room.giveHint,
    body: html`<fieldset class="choices">
      <legend class="heard">${w.room.teams}</legend>
      ${choice(0, w.room.everybody)} ${found.value.teams.map((team) => choice(team.number, team.room))}
      <label class="choice"><input type="checkbox" name="below" value="1" checked /> ${w.room.giveBelow}</label>
    </fieldset>`,
    yes: w.room.giveDo,
  });
  if (!reply.yes) return;
  const team = Number(reply.fields.get('team') ?? '0');
  const given = await roomApi.giveSection(place, section.id, team, reply.fields.has('below'), commandKey());
  if (given.ok) tell(w.room.given);
  else tell(sayProblem(given), 'refused');
}
