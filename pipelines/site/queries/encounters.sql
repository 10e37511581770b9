-- Encounters at the southwest land border by title of authority.
select month, title_8, title_42, encounters, missing, is_settled, vintage
from measures.border_encounters
where month >= (select min(month) from measures.border_encounters where encounters is not null)
order by month
