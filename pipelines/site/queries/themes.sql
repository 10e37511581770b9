-- What is spoken of: directed statements per 10,000 words by theme and quarter, of each executive's own texts.
select
  date_trunc('quarter', month)::date as month,
  office,
  theme,
  10000.0 * sum(statements) / sum(words) as rate,
  sum(statements)::bigint as statements,
  sum(words)::bigint as words
from measures.rhetoric_intensity
where theme not in ('all', 'other')
  and hits_per_10k_words is not null
  and (
    (office in ('us_executive', 'trump_posts') and speaker_group = 'us_executive' and direction = 'US>MX')
    or (office = 'mx_presidency' and speaker_group = 'mx_executive' and direction = 'MX>US')
  )
group by all
order by office, theme, month
