"""base: what every site shares; production: `make run`; dev: DEBUG; test: what pytest runs under."""
