-- How far away is the next federal election of each country, and in what phase of its calendar is the month?
-- Unit: days from the first of the month; days of the month that lie in the campaign.
-- Grain: month and country, from the year of the first election listed to the newest month of the spine.
-- Trap: a month has a phase where at least half of its days have it; an election on the first of a month leaves that month
-- after the campaign. The judicial election has no parties and no phase of its own; it is flagged.
with calendar as (
  select cast(unnest(generate_series(first_month, newest, interval 1 month)) as date) as month
  from (select date_trunc('year', min(election_date))::date as first_month from seeds.elections) as listed
  cross join (select max(month) as newest from measures.months) as spine
),

crossed as (
  select calendar.month, last_day(calendar.month) as month_end, elections.*
  from calendar
  cross join seeds.elections as elections
),

counted as (
  select
    month,
    country,
    election_id,
    election_date,
    kind,
    -- not day(): within the schema as_of that is the day asked
    dayofmonth(month_end) as days,
    election_date between month and month_end as is_election_month,
    -- greatest and least pass over null, so a phase whose start is not known is asked for first
    case when primary_start is not null
      then greatest(date_diff('day', greatest(month, primary_start), least(month_end, campaign_start - 1)) + 1, 0)
    end as primary_days,
    case when campaign_start is not null
      then greatest(date_diff('day', greatest(month, campaign_start), least(month_end, election_date)) + 1, 0)
    end as campaign_days,
    case when inauguration_date is not null
      then greatest(date_diff('day', greatest(month, election_date + 1), least(month_end, inauguration_date - 1)) + 1, 0)
    end as transition_days
  from crossed
),

gathered as (
  select
    month,
    country,
    any_value(days) as days,
    arg_min(election_id, election_date) filter (election_date >= month and kind <> 'judicial') as next_election,
    min(election_date) filter (election_date >= month and kind <> 'judicial') as next_date,
    arg_min(kind, election_date) filter (election_date >= month and kind <> 'judicial') as next_kind,
    coalesce(sum(primary_days) filter (kind <> 'judicial'), 0)::bigint as primary_days,
    coalesce(sum(campaign_days) filter (kind <> 'judicial'), 0)::bigint as campaign_days,
    coalesce(sum(transition_days) filter (kind <> 'judicial'), 0)::bigint as transition_days,
    coalesce(bool_or(is_election_month) filter (kind <> 'judicial'), false) as is_election_month,
    coalesce(bool_or(campaign_days > 0) filter (kind = 'judicial'), false) as is_judicial_campaign
  from counted
  group by month, country
)

select
  month,
  country,
  next_election,
  next_kind,
  date_diff('day', month, next_date) as days_to_election,
  case when next_election is null then 'not_listed' end as missing,
  case
    when 2 * campaign_days >= days then 'campaign'
    when is_election_month then 'election_month'
    when 2 * transition_days >= days then 'transition'
    when 2 * primary_days >= days then 'primary'
    else 'off'
  end as phase,
  campaign_days,
  is_judicial_campaign
from gathered
