-- Is an office's rhetoric toward the other side different in the months of an election campaign?
-- Unit: amounts per 10,000 words of the office, all months of a window together; p as a share of calendars.
-- Grain: calendar, office, speaker group, direction, measure.
-- Trap: two or three elections are cases, not a sample. p counts, among all calendars moved by whole months that fit, those
-- with as large a difference; the same calendar counts once, so p cannot be less than 1 over their number.
with calendar as (
  select month, country, next_election, phase from measures.electoral_calendar
),

-- guests in another's texts have no rate there
spoken as (
  select
    intensity.month,
    office,
    speaker_group,
    direction,
    measured.measure,
    measured.amount,
    words,
    is_settled
  from measures.rhetoric_intensity as intensity
  cross join lateral (
    select 'hostility_sum' as measure, hostility_sum::double as amount
    union all
    select 'directed_statements', statements::double
  ) as measured
  where theme = 'all' and rate_missing is null and speaker_group <> 'other'
  union all
  select month, office, speaker_group, direction, 'sovereignty_assertions', assertions::double, words, is_settled
  from measures.sovereignty_assertion
  where direction = 'MX>US' and rate_missing is null and speaker_group <> 'other'
),

series as (
  select
    office,
    speaker_group,
    direction,
    measure,
    min(month) as first_month,
    max(month) as last_month,
    count(*) as months,
    bool_and(is_settled) as is_settled
  from spoken
  group by office, speaker_group, direction, measure
),

spans as (
  select country, min(month) as first_month, max(month) as last_month from calendar group by country
),

moved as (
  select
    series.office,
    series.speaker_group,
    series.direction,
    series.measure,
    spans.country,
    unnest(
      generate_series(
        date_diff('month', series.first_month, spans.first_month),
        date_diff('month', series.last_month, spans.last_month)
      )
    ) as shift
  from series
  cross join spans
),

compared as (
  select
    moved.country,
    moved.office,
    moved.speaker_group,
    moved.direction,
    moved.measure,
    moved.shift,
    string_agg(calendar.phase[1], '' order by spoken.month) as pattern,
    count(distinct calendar.next_election) filter (calendar.phase = 'campaign') as elections,
    count(*) filter (calendar.phase = 'campaign') as in_months,
    count(*) filter (calendar.phase not in ('campaign', 'election_month')) as off_months,
    coalesce(sum(amount) filter (calendar.phase = 'campaign'), 0) as in_amount,
    coalesce(sum(amount) filter (calendar.phase not in ('campaign', 'election_month')), 0) as off_amount,
    coalesce(sum(words) filter (calendar.phase = 'campaign'), 0)::bigint as in_words,
    coalesce(sum(words) filter (calendar.phase not in ('campaign', 'election_month')), 0)::bigint as off_words
  from moved
  join spoken
    on spoken.office = moved.office
    and spoken.speaker_group = moved.speaker_group
    and spoken.direction = moved.direction
    and spoken.measure = moved.measure
  join calendar
    on calendar.country = moved.country
    and calendar.month = cast(spoken.month + to_months(moved.shift::integer) as date)
  group by moved.country, moved.office, moved.speaker_group, moved.direction, moved.measure, moved.shift
),

rated as (
  select
    *,
    1e4 * in_amount / nullif(in_words, 0) as in_per_10k_words,
    1e4 * off_amount / nullif(off_words, 0) as off_per_10k_words,
    -- primary, transition and off are one side of the comparison
    translate(pattern, 'pto', 'ooo') as windows
  from compared
),

-- calendars that put the same months into the window are one
distinct_calendars as (
  select
    country,
    office,
    speaker_group,
    direction,
    measure,
    windows,
    any_value(in_per_10k_words - off_per_10k_words) as difference
  from rated
  where in_months > 0 and off_months > 0
  group by country, office, speaker_group, direction, measure, windows
),

observed as (
  select rated.*, series.months, series.is_settled
  from rated
  join series
    on series.office = rated.office
    and series.speaker_group = rated.speaker_group
    and series.direction = rated.direction
    and series.measure = rated.measure
  where rated.shift = 0
),

tested as (
  select
    observed.country,
    observed.office,
    observed.speaker_group,
    observed.direction,
    observed.measure,
    count(windows.windows) as calendars,
    count(*) filter (windows.difference >= in_per_10k_words - off_per_10k_words - 1e-12) as as_large
  from observed
  left join distinct_calendars as windows
    on windows.country = observed.country
    and windows.office = observed.office
    and windows.speaker_group = observed.speaker_group
    and windows.direction = observed.direction
    and windows.measure = observed.measure
  group by observed.country, observed.office, observed.speaker_group, observed.direction, observed.measure
),

told as (
  select
    observed.*,
    calendars,
    as_large,
    case
      when months < 24 then 'under_24_months'
      when in_months = 0 then 'no_campaign_month'
      when off_months = 0 then 'no_other_month'
    end as missing
  from observed
  join tested
    on tested.country = observed.country
    and tested.office = observed.office
    and tested.speaker_group = observed.speaker_group
    and tested.direction = observed.direction
    and tested.measure = observed.measure
)

select
  country as calendar,
  office,
  speaker_group,
  direction,
  measure,
  months,
  in_months,
  off_months,
  elections,
  in_amount,
  in_words,
  case when missing is null then in_per_10k_words end as in_per_10k_words,
  off_amount,
  off_words,
  case when missing is null then off_per_10k_words end as off_per_10k_words,
  case when missing is null then in_per_10k_words / nullif(off_per_10k_words, 0) end as ratio,
  coalesce(missing, case when off_per_10k_words = 0 then 'nothing_in_other_months' end) as ratio_missing,
  calendars,
  case when missing is null then as_large end as calendars_as_large,
  case when missing is null then as_large / calendars end as p_exact,
  missing,
  case
    when missing is not null then format('No comparison: {} campaign months of {} months with text.', in_months, months)
    else
      format('Comparison of cases, elections: {}. ', elections)
      || case
        when off_per_10k_words = 0 then 'Nothing is said in the other months'
        else format('{:.2f} times the rate of the other months', in_per_10k_words / off_per_10k_words)
      end
      || format('; {} of {} calendars give as large a difference.', as_large, calendars)
  end as verdict,
  case
    when missing is not null then format('Sin comparación: {} meses de campaña de {} meses con texto.', in_months, months)
    else
      format('Comparación de casos, elecciones: {}. ', elections)
      || case
        when off_per_10k_words = 0 then 'Nada se dice en los otros meses'
        else format('{:.2f} veces la tasa de los otros meses', in_per_10k_words / off_per_10k_words)
      end
      || format('; {} de {} calendarios dan una diferencia igual o mayor.', as_large, calendars)
  end as veredicto,
  is_settled
from told
