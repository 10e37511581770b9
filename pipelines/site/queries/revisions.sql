-- What each release said of the months whose first figure was restated: fentanyl at the southwest border.
select month, vintage, round(sum(seized_lb), 1) as seized_lb
from vintages.cbp_drug_seizures
where drug = 'fentanyl' and region = 'southwest_border'
group by month, vintage
qualify count(*) over (partition by month) > 1 and min(round(sum(seized_lb), 1)) over (partition by month) < max(round(sum(seized_lb), 1)) over (partition by month)
  or month > (select max(month) - interval 15 month from vintages.cbp_drug_seizures)
order by month, vintage
