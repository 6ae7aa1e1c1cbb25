"""« Je ne prends pas part à cette affaire » : who is concerned by an item stays out of it (L2131-11, L1111-6)."""
