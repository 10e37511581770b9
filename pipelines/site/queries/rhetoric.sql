-- Summed hostility per 10,000 words of each executive's own texts, with its band; each source for itself.
select
  month,
  office,
  direction,
  hostility_per_10k_words as rate,
  hostility_per_10k_words_low as low,
  hostility_per_10k_words_high as high,
  statements,
  hostile_statements,
  words,
  missing,
  is_settled
from measures.rhetoric_intensity
where theme = 'all'
  and (
    (office in ('us_executive', 'trump_posts') and speaker_group = 'us_executive' and direction = 'US>MX')
    or (office = 'mx_presidency' and speaker_group = 'mx_executive' and direction = 'MX>US')
  )
order by office, month
