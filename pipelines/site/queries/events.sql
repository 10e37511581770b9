-- Events by who acted; where no day is known the month stands for it.
select
  date_trunc('month', event_date)::date as month,
  case when date_precision = 'day' then event_date::varchar else strftime(event_date, '%Y-%m') end as day,
  title,
  titulo as title_es,
  case when actor in ('US', 'MX') then actor else 'other' end as actor,
  coalesce(official_id, source_url_1) as evidence
from seeds.events
where date_precision <> 'year'
order by event_date, event_id
