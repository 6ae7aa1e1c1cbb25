"""Reading what people upload, in children that may die without harm."""
