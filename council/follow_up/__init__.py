"""« Que devient la délibération ? » : tasks, money, contract, after an act."""
