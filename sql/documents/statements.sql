-- Who said what about the other side, sentence by sentence?
-- Unit: one sentence on relations between the two countries.
-- Grain: statement_id.
-- Trap: sentences of copies are left out here, so that a text posted twice speaks once. A speaker of unknown party
-- counts in the group of all with that side and voice.
select
  codings.statement_id,
  texts.document_id,
  texts.feed,
  texts.office,
  texts.genre,
  texts.is_measured,
  texts.date,
  texts.month,
  texts.date_precision,
  texts.language,
  texts.url,
  codings.speaker,
  codings.voice,
  codings.side,
  codings.party,
  coalesce(by_party.speaker_group, by_voice.speaker_group) as speaker_group,
  codings.direction,
  codings.hostility,
  codings.cooperation,
  codings.themes,
  codings.blame,
  codings.rung,
  codings.terms,
  codings.start,
  codings.end,
  codings.sentence_sha256,
  codings.method_version
from documents.codings as codings
join documents.texts as texts
  on codings.document_id = texts.document_id and codings.raw_sha256 = texts.raw_sha256
left join seeds.speaker_groups as by_party
  on by_party.side = codings.side and by_party.voice = codings.voice and by_party.party = codings.party
left join seeds.speaker_groups as by_voice
  on by_voice.side = codings.side and by_voice.voice = codings.voice and by_voice.party = 'any'
where texts.excluded is null
