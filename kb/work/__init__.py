"""Background work: what is to be done is our own rows; django_tasks only rings the bell."""
