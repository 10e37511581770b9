-- Each registered pair: what the plain correlation would claim and what is left of it once each series' own past is taken out.
select
  tested.hypothesis_id as pair,
  hypotheses.statement as hypothesis,
  hypotheses.enunciado as hypothesis_es,
  tested.naive_r,
  tested.naive_p,
  tested.r,
  tested.r_low,
  tested.r_high,
  tested.p_monitored,
  tested.q,
  tested.verdict_text as verdict,
  tested.verdict_es
from indicators.lead_lag as tested
join seeds.hypotheses as hypotheses on hypotheses.hypothesis_id = tested.hypothesis_id
where tested.method = 'registered_lag'
order by regexp_extract(pair, '[0-9]+')::integer, pair
