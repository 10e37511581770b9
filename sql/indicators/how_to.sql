-- What can be asked of this database, and how?
-- Unit: one question with its query.
-- Grain: number, the place in the cookbook.
-- Trap: the query answers for the newest figures; over the views of schema as_of it answers for a day.
select number, question, pregunta, query
from seeds.how_to
