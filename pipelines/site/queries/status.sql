-- What is held of each dataset and feed: newest month, newest release or document, what the last look refused.
with held as (
  select dataset as name, 'dataset' as kind, max(covers_to) as newest_month, max(vintage) as newest_release
  from vintages.releases
  group by all
  union all
  select feed, 'feed', max(month), max(date)
  from documents.texts
  where date_precision <> 'year' and excluded is null
  group by all
)

select
  held.name,
  held.kind,
  strftime(held.newest_month, '%Y-%m') as newest_month,
  held.newest_release,
  coalesce(len(looks.refused), 0) as refused_files
from held
left join meta.looks as looks on looks.name = held.name
order by held.kind, held.name
