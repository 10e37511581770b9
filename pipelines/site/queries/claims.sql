select 1 as verdict, 'x' as metric, 'x' as speaker_group, 2020 as year limit 0
