-- Fentanyl seized at the southwest border, month by month.
select month, seized_lb, events, seized_lb_12m, missing, is_settled, vintage
from measures.border_fentanyl_seizures
where month >= (select min(month) from measures.border_fentanyl_seizures where seized_lb is not null)
order by month
